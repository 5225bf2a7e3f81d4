/** What a client finds around it: a server to ask, over a network in memory or a real one. */
import type { Answer, Dialect } from './dialect.ts'
import { answerIn } from './dialect.ts'
import type { SentRequest, ServerModel } from './server-model.ts'
import type { Timeline } from './timeline.ts'

export interface World {
  readonly baseUrl: string
  /** How long a client waits for one attempt. */
  readonly attemptTimeoutMs: number
  readonly network: Network
}

/** In memory a client gets one of these in place of its own way to the network. Over loopback it uses its own. */
export type Network =
  | { readonly kind: 'memory'; readonly fetch: typeof globalThis.fetch; readonly send: Send; readonly timeline: Timeline; readonly random: () => number }
  | { readonly kind: 'loopback' }

/** Rejects with a `NetworkError` when the connection breaks, and with the signal's reason when that comes first. */
export type Send = (request: SentRequest, signal?: AbortSignal) => Promise<Answer>

export class NetworkError extends Error {
  readonly code = 'ECONNRESET'
}

/** What the server has seen, in order. */
export interface Seen {
  readonly atMs: number
  readonly request: SentRequest
}

export const BASE_URL = 'http://api.test'

export function memoryNetwork(timeline: Timeline, random: () => number, server: ServerModel, dialect: Dialect, seen: (request: Seen) => void): Network {
  const send: Send = (request, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted === true) return reject(signal.reason as Error)
      signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
      seen({ atMs: timeline.nowMs(), request })
      server(request, (fate) => (fate.kind === 'reset' ? reject(new NetworkError('read ECONNRESET')) : resolve(answerIn(dialect, fate))))
    })

  async function fetchInMemory(input: string | URL | Request, init?: RequestInit): Promise<Response> {
    const asked = input instanceof Request ? input : undefined
    const { pathname, search } = new URL(asked?.url ?? String(input))
    const method = init?.method ?? asked?.method ?? 'GET'
    const headers = Object.fromEntries(new Headers(init?.headers ?? asked?.headers))
    try {
      const { status, headers: told, body } = await send({ method, path: pathname + search, headers }, init?.signal ?? asked?.signal)
      return new Response(body, { status, headers: told })
    } catch (error) {
      throw error instanceof NetworkError ? new TypeError('fetch failed', { cause: error }) : error
    }
  }
  return { kind: 'memory', fetch: fetchInMemory, send, timeline, random }
}
