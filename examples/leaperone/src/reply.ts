/** What the service says, before it is bytes. Success is its own; for refusals it only states the facts, and the gateway finds the words. */
import { refusalsOf, type ProblemAnswer } from 'tollgate/service'
import { leaperone } from 'tollgate/catalog'
import type { Issue } from './body.ts'

const no = refusalsOf(leaperone)

export type Reply = WholeReply | EventReply

export interface WholeReply {
  readonly kind: 'whole'
  readonly status: number
  readonly headers: Headers
  readonly body: string
}

/** Server-sent events, each complete. What fails before the first of them is a failure like any other; later it can only break the stream. */
export interface EventReply {
  readonly kind: 'events'
  readonly headers: Headers
  readonly events: AsyncIterable<string>
}

interface Headers {
  readonly [name: string]: string
}

export function success(value: unknown, headers: Headers = {}): WholeReply {
  return { kind: 'whole', status: 200, headers: { ...headers, 'Content-Type': 'application/json; charset=utf-8' }, body: JSON.stringify(value) }
}

export function text(body: string, headers: Headers = {}): WholeReply {
  return { kind: 'whole', status: 200, headers: { ...headers, 'Content-Type': 'text/plain; charset=utf-8' }, body }
}

export function eventStream(events: AsyncIterable<string>): EventReply {
  return { kind: 'events', headers: { 'Content-Type': 'text/event-stream; charset=utf-8', 'Cache-Control': 'no-cache' }, events }
}

function whole(answer: ProblemAnswer): WholeReply {
  return { kind: 'whole', ...answer }
}

export function invalid({ field, issue, kind }: Omit<Issue, 'ok'>): WholeReply {
  const entry = kind === 'missing' ? 'missingField' : kind === 'unknown model' ? 'modelNotFound' : 'invalidRequest'
  return whole(no[entry]({ title: 'Invalid request', field, issue }))
}

export function notFound(): WholeReply {
  return whole(no.notFound({ title: 'Not found' }))
}

export function expired(): WholeReply {
  return whole(no.resourceExpired({ title: 'Expired' }))
}

/** A picture that anybody may have ordered: a browser shows it, and runs nothing in it. */
export function picture(svg: string): WholeReply {
  const headers = { 'Content-Type': 'image/svg+xml', 'Content-Security-Policy': "default-src 'none'; sandbox", 'X-Content-Type-Options': 'nosniff' }
  return { kind: 'whole', status: 200, headers, body: svg }
}

/** A bare status, as a service under stress gives it. */
export function bare(status: number, headers: Headers = {}): WholeReply {
  return { kind: 'whole', status, headers, body: '' }
}
