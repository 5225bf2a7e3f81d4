/** What a status says when the code is unknown. Weaker than an entry, better than nothing. */
import { rulesOfReason, type Rules } from '../declare/entry-rules.ts'
import type { Reason, ServerReason } from '../declare/reason.ts'

export interface Meaning extends Rules {
  readonly reason: Reason
}

const reasonByStatus: { readonly [status: number]: ServerReason } = {
  401: 'credential.invalid',
  402: 'credit.insufficient',
  403: 'permission.denied',
  404: 'resource.not_found',
  405: 'method.not_allowed',
  409: 'resource.conflict',
  410: 'resource.gone',
  413: 'request.too_large',
  415: 'request.unsupported_media',
  429: 'rate.limited',
  502: 'upstream.failed',
  503: 'upstream.unavailable',
  504: 'upstream.timeout',
}

/** 408: the server gave up waiting for the request, and RFC 9110 section 15.5.9 lets the client repeat it. */
const requestTimeout: Meaning = { reason: 'network.timeout', retry: 'backoff', action: 'wait' }
const unknown: Meaning = { reason: 'unknown', retry: 'never', action: 'contact_support' }

/** Other statuses mean what the x00 of their class means (RFC 9110 section 15). Below 400, and mid-stream, there is nothing to go by. */
export function meaningOfStatus(status: number | undefined): Meaning {
  if (status === undefined || !(status >= 400 && status < 600)) return unknown
  if (status === 408) return requestTimeout
  const reason = reasonByStatus[status] ?? (status < 500 ? 'request.invalid' : 'internal')
  return { reason, ...rulesOfReason(reason) }
}
