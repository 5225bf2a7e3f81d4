/** What each reason means, in words: for pages, checks and explanations alike. */
import type { ServerReason } from 'tollgate/contract'

export interface ReasonWords {
  /** A few words: `Key or token missing`. */
  readonly title: string
  /** The condition behind it, as a sentence. */
  readonly cause: string
}

export const reasonWords: { readonly [R in ServerReason]: ReasonWords } = {
  'credential.missing': { title: 'No credential', cause: 'The request carries no key or token, or not where it is looked for.' },
  'credential.invalid': { title: 'Credential not valid', cause: 'The key or token that was sent is malformed or unknown.' },
  'credential.expired': { title: 'Key expired', cause: 'The key is genuine, and its time is over.' },
  'credential.revoked': { title: 'Key revoked', cause: 'The key is genuine, and was revoked or switched off.' },
  'token.expired': { title: 'Token expired', cause: 'The token is genuine, and its time is over.' },
  'permission.denied': { title: 'Permission denied', cause: 'The credential is valid, and lacks a permission that the operation asks for.' },
  'account.suspended': { title: 'Account suspended', cause: 'The account is suspended, for a time or until further notice.' },
  'account.disabled': { title: 'Account disabled', cause: 'The account is switched off.' },
  'account.not_entitled': { title: 'Not in the plan', cause: 'The account, or its plan, does not include this.' },
  'request.invalid': { title: 'Request not valid', cause: 'The request as a whole cannot be understood: its body is malformed, or breaks a rule.' },
  'request.too_large': { title: 'Request too large', cause: 'The body is larger than is taken here.' },
  'request.unsupported_media': { title: 'Media type not supported', cause: 'The body has a type or an encoding that is not read here.' },
  'field.missing': { title: 'Field missing', cause: 'A field that is required was not sent.' },
  'field.invalid': { title: 'Field not valid', cause: 'A field breaks one of its rules.' },
  'route.unknown': { title: 'No such path', cause: 'There is nothing at this path.' },
  'method.not_allowed': { title: 'Method not allowed', cause: 'The path exists, and does not take this method.' },
  'resource.not_found': { title: 'Not found', cause: 'What the request names does not exist, or belongs to somebody else.' },
  'resource.gone': { title: 'Gone', cause: 'What the request names existed, and is gone for good.' },
  'resource.conflict': { title: 'Conflict', cause: 'The state of what the request names does not allow this now.' },
  'rate.limited': { title: 'Too fast', cause: 'More requests came within a window of time than are let through in it.' },
  'concurrency.limited': { title: 'Too many at once', cause: 'More requests are running at the same time than may be.' },
  'quota.exhausted': { title: 'Quota used up', cause: 'What may be used in a day or a month is used up.' },
  'credit.insufficient': { title: 'Credit too low', cause: 'The call costs more than is left of the prepaid credit.' },
  'session.not_found': { title: 'No such session', cause: 'The session never existed, or belongs to somebody else.' },
  'session.expired': { title: 'Session over', cause: 'The session has ended.' },
  'session.limited': { title: 'Too many sessions', cause: 'As many sessions are alive as the account may have.' },
  'idempotency.missing': { title: 'Idempotency key missing', cause: 'The operation asks for an idempotency key, and none was sent.' },
  'idempotency.mismatch': { title: 'Idempotency key used before', cause: 'The idempotency key belongs to another request than this one.' },
  'idempotency.in_progress': { title: 'Still running', cause: 'The first request with this idempotency key has not ended yet.' },
  'content.blocked': { title: 'Content blocked', cause: 'The content breaks a rule about content.' },
  'upstream.failed': { title: 'Backend failed', cause: 'The service behind the API failed, or sent something that is no answer.' },
  'upstream.timeout': { title: 'Backend too slow', cause: 'The service behind the API did not answer in time. Whether the work was done is not known.' },
  'upstream.unavailable': { title: 'Backend not there', cause: 'The service behind the API cannot be used at the moment.' },
  'capacity.overloaded': { title: 'Overloaded', cause: 'More requests are in flight than the API takes on.' },
  'service.maintenance': { title: 'Maintenance', cause: 'The API is down for maintenance.' },
  internal: { title: 'Internal error', cause: 'Something failed on the side of the API that should not have.' },
}
