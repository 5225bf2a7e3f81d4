/** What the service says, before it is bytes. Success is its own; for refusals it only states the facts, and the gateway finds the words. */
import { later, priceHeader, refusalsOf, type Refusals } from 'tollgate/service'
import { nexalayer } from 'tollgate/catalog'
import type { Issue } from '@tollgate/example-parts/json-fields'
import type { Caller } from './caller.ts'

export interface Reply {
  readonly status: number
  readonly headers: { readonly [name: string]: string }
  readonly body: string
}

export function success({ requestId }: Pick<Caller, 'requestId'>, data: unknown, headers: Reply['headers'] = {}, status: 200 | 201 = 200): Reply {
  const body = { success: true, data, error: null, meta: { request_id: requestId } }
  return { status, headers: { ...headers, 'Content-Type': 'application/json; charset=utf-8' }, body: JSON.stringify(body) }
}

/** What it may say no with; the compiler holds the details against the contract. */
export const no: Refusals<typeof nexalayer> = refusalsOf(nexalayer)

export function invalidRequest({ field, issue }: Omit<Issue, 'ok'>): Reply {
  return no.invalidRequest({ field, issue })
}

/** The same, while nobody knows what became of the work: it is charged or given back by its own address. */
export function unsettled(reply: Reply): Reply {
  return { ...reply, headers: { ...reply.headers, [priceHeader]: later } }
}

/** A bare status, as a service under stress gives it. */
export function bare(status: number, headers: Reply['headers'] = {}): Reply {
  return { status, headers, body: '' }
}
