/** What was sent and what came. */
import type { ReceivedAnswer } from 'tollgate/contract'
import type { ProbeRequest } from './probe-request.ts'

export interface HttpAnswer {
  readonly status: number
  /** As they came: name, value, name, value. */
  readonly headers: readonly string[]
  readonly body: Uint8Array
}

export type ProbeExchange =
  | { readonly kind: 'answered'; readonly request: ProbeRequest; readonly answer: HttpAnswer; readonly receivedAtMs: number }
  /** No whole answer: `ECONNRESET`, in words. */
  | { readonly kind: 'failed'; readonly request: ProbeRequest; readonly fault: string }

export type Answered = Extract<ProbeExchange, { kind: 'answered' }>

/** Sends one filled request to the one host. Never throws. */
export type Transport = (request: ProbeRequest, signal: AbortSignal) => Promise<ProbeExchange>

/** In lower case; what came twice, joined. */
export function receivedHeaders({ headers }: HttpAnswer): { readonly [name: string]: string } {
  const received = new Map<string, string>()
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const name = (headers[at] ?? '').toLowerCase()
    const before = received.get(name)
    received.set(name, before === undefined ? (headers[at + 1] ?? '') : `${before}, ${headers[at + 1]}`)
  }
  return Object.fromEntries(received)
}

export function toReceivedAnswer(answer: HttpAnswer): ReceivedAnswer {
  return { status: answer.status, headers: receivedHeaders(answer), body: answer.body }
}

/** What is no UTF-8 stands there as a mark. */
export function bodyText({ body }: Pick<HttpAnswer, 'body'>): string {
  return new TextDecoder('utf-8').decode(body)
}
