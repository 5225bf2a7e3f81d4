/** What the service says, before it is bytes. Success is its own; for refusals it only states the facts, and the gateway finds the words. */
import { refusal } from 'tollgate/calls'
import type { Issue } from './body.ts'

export interface Reply {
  readonly status: number
  readonly headers: { readonly [name: string]: string }
  readonly body: string
}

/** Success, before it is put into the envelope: only there the request id is known. */
export interface Success {
  readonly status: 200 | 201
  readonly headers?: { readonly [name: string]: string }
  readonly data: unknown
}

export type Answer = Success | Reply

export function toReply(answer: Answer, requestId: string): Reply {
  if (!('data' in answer)) return answer
  const { status, headers, data } = answer
  return json(status, 'application/json; charset=utf-8', { success: true, data, error: null, meta: { request_id: requestId } }, headers)
}

/** `headers`: beside those of the problem. */
export function problem(status: number, entry: string, facts: { readonly [name: string]: string } = {}, headers: Reply['headers'] = {}): Reply {
  const refused = refusal(entry, facts, status)
  return { ...refused, headers: { ...headers, ...refused.headers } }
}

export function invalidRequest({ field, issue }: Omit<Issue, 'ok'>): Reply {
  return problem(400, 'invalidRequest', { ...(field !== undefined && { field }), issue })
}

/** A bare status, as a service under stress gives it. */
export function bare(status: number, headers: Reply['headers'] = {}): Reply {
  return { status, headers, body: '' }
}

function json(status: number, type: string, value: unknown, headers: Reply['headers'] = {}): Reply {
  return { status, headers: { ...headers, 'Content-Type': type }, body: JSON.stringify(value) }
}
