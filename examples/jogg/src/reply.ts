/** What the service says, before it is bytes. Success is its own; for refusals it only states the facts, and the gateway finds the words. */
import type { Issue } from './body.ts'

export interface Reply {
  readonly status: number
  readonly headers: { readonly [name: string]: string }
  readonly body: string
}

export function success(data: unknown, headers: Reply['headers'] = {}): Reply {
  return json(200, 'application/json; charset=utf-8', { code: 0, msg: 'Success', data }, headers)
}

/** RFC 9457; `entry` names the refusal in the API's contract. */
export function parameterError({ field, issue }: Omit<Issue, 'ok'>): Reply {
  return json(400, 'application/problem+json', { title: 'Parameter error', status: 400, entry: 'parameterError', ...(field !== undefined && { field }), issue })
}

export function recordNotFound(): Reply {
  return json(404, 'application/problem+json', { title: 'Record not found', status: 404, entry: 'recordNotFound' })
}

/** A picture that anybody may have drawn: a browser shows it, and runs nothing in it. */
export function picture(svg: string): Reply {
  const headers = { 'Content-Type': 'image/svg+xml', 'Content-Security-Policy': "default-src 'none'; sandbox", 'X-Content-Type-Options': 'nosniff' }
  return { status: 200, headers, body: svg }
}

/** A bare status, as a service under stress gives it. */
export function bare(status: number, headers: Reply['headers'] = {}): Reply {
  return { status, headers, body: '' }
}

function json(status: number, type: string, value: unknown, headers: Reply['headers'] = {}): Reply {
  return { status, headers: { ...headers, 'Content-Type': type }, body: JSON.stringify(value) }
}
