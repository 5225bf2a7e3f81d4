/** What the service says, before it is bytes. Success is its own; for refusals it only states the facts, and the gateway finds the words. */
import type { Analysis } from './analyse.ts'
import type { Caller } from './caller.ts'
import { toUsage } from './caller.ts'

export interface Reply {
  readonly status: number
  readonly headers: { readonly [name: string]: string }
  readonly body: string
}

export interface Said {
  readonly country: string | null
  readonly language: string
}

export function success(caller: Caller, said: Said, data: Analysis): Reply {
  const meta = { request_id: caller.requestId, ...said, usage: toUsage(caller) }
  return json(200, 'application/json; charset=utf-8', { success: true, data, error: null, meta })
}

/** RFC 9457; `entry` names the refusal in the API's contract, the rest are its facts. */
export function invalidInput(issue: string, field?: string): Reply {
  const detail = field === undefined ? issue : `${field} ${issue}`
  return json(400, 'application/problem+json', { title: 'Invalid input', status: 400, detail, entry: 'invalidInput', field, issue })
}

/** A bare status, as a service under stress gives it. */
export function bare(status: number, headers: Reply['headers'] = {}): Reply {
  return { status, headers, body: '' }
}

function json(status: number, type: string, value: unknown): Reply {
  return { status, headers: { 'Content-Type': type }, body: JSON.stringify(value) }
}
