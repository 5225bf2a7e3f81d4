/**
 * Talks to the backend and says what came of it. A failure is definite (`error`: refused, a failure status, nonsense) or not (`timeout`: the
 * deadline passed, and nobody knows what the backend did).
 */
import type { Clock } from '@tollgate/example-parts/clock'
import { fieldsOf, oneOf } from '@tollgate/example-parts/json-fields'
import type { Backend, BackendAnswer, BackendCommand } from './backend.ts'
import { textOf, wholeNumberOf } from './body.ts'

export interface Endpoint {
  readonly host: string
  readonly port: number
  readonly username: string
  readonly password: string
}

export type OrderState =
  | { readonly state: 'pending' }
  | { readonly state: 'ready'; readonly endpoints: readonly Endpoint[] }
  | { readonly state: 'failed'; readonly cause: string }

export type BackendOutcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: 'error' | 'timeout'; readonly cause: string }

export interface BackendClient {
  order(order: string, wanted: { readonly country: string | null; readonly addresses: number; readonly rotating: boolean }): Promise<BackendOutcome<OrderState>>
  look(order: string): Promise<BackendOutcome<OrderState>>
  rotate(order: string): Promise<BackendOutcome<OrderState>>
  release(order: string): Promise<BackendOutcome<true>>
}

export function createBackendClient(backend: Backend, clock: Clock, deadlineMs: number): BackendClient {
  function ask<T>(command: BackendCommand, read: (answer: BackendAnswer) => T | undefined): Promise<BackendOutcome<T>> {
    return new Promise((resolve) => {
      const cancel = clock.after(deadlineMs, () => resolve({ ok: false, failure: 'timeout', cause: `no answer to ${command.do} in ${deadlineMs} ms` }))
      const fail = (cause: string) => resolve({ ok: false, failure: 'error', cause })
      backend
        .send(command)
        .then((answer) => {
          const value = read(answer)
          if (value === undefined) fail(`the backend answered ${answer.status} to ${command.do}: ${answer.body.slice(0, 200)}`)
          else resolve({ ok: true, value })
        })
        .catch((error: unknown) => fail(String(error)))
        .finally(cancel)
    })
  }

  return {
    order: (order, wanted) => ask({ do: 'order', order, ...wanted }, readOrder),
    look: (order) => ask({ do: 'look', order }, (answer) => (answer.status === 404 ? { state: 'failed', cause: 'the backend has no such order' } : readOrder(answer))),
    rotate: (order) => ask({ do: 'rotate', order }, readOrder),
    release: (order) => ask({ do: 'release', order }, ({ status }) => (status < 300 || status === 404 ? true : undefined)),
  }
}

/** Undefined for a failure status, and for whatever is not an order. */
function readOrder({ status, body }: BackendAnswer): OrderState | undefined {
  if (status >= 300) return undefined
  const order = fieldsOf(parseJson(body))
  const state = oneOf(['pending', 'ready', 'failed'], order?.get('state'))
  if (state === 'pending') return { state }
  if (state === 'failed') return { state, cause: textOf(order?.get('reason')) ?? 'the backend gave no reason' }
  const endpoints: unknown = order?.get('endpoints')
  if (state === undefined || !Array.isArray(endpoints) || endpoints.length === 0) return undefined
  const read = endpoints.map(readEndpoint)
  return read.every((endpoint) => endpoint !== undefined) ? { state, endpoints: read } : undefined
}

function readEndpoint(value: unknown): Endpoint | undefined {
  const fields = fieldsOf(value)
  const host = textOf(fields?.get('host'))
  const port = wholeNumberOf(fields?.get('port'), 1, 65_535)
  const username = textOf(fields?.get('username'))
  const password = textOf(fields?.get('password'))
  return host === undefined || port === undefined || username === undefined || password === undefined ? undefined : { host, port, username, password }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
