/** What the service says, before it is bytes. Success is its own; for refusals it only states the facts, and the gateway finds the words. */
import { refusalsOf } from 'tollgate/service'
import { jogg } from 'tollgate/catalog'
import type { Issue } from '@tollgate/example-parts/json-fields'

const no = refusalsOf(jogg)

export interface Reply {
  readonly status: number
  readonly headers: { readonly [name: string]: string }
  readonly body: string
}

export function success(data: unknown, headers: Reply['headers'] = {}): Reply {
  return json(200, 'application/json; charset=utf-8', { code: 0, msg: 'Success', data }, headers)
}

export function parameterError({ field, issue }: Omit<Issue, 'ok'>): Reply {
  return no.parameterError({ title: 'Parameter error', field, issue })
}

export function recordNotFound(): Reply {
  return no.recordNotFound({ title: 'Record not found' })
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
