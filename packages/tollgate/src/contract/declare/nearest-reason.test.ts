import { expect, it } from 'vitest'
import { nearestReason } from './nearest-reason.ts'

it.each([
  ['too_many_requests', 'rate.limited'],
  ['TOO_MANY_REQUESTS', 'rate.limited'],
  ['unauthorized', 'credential.invalid'],
  ['forbidden', 'permission.denied'],
  ['not_found', 'resource.not_found'],
  ['insufficient_credits', 'credit.insufficient'],
  ['insufficient.balance', 'credit.insufficient'],
  ['quota_exceeded', 'quota.exhausted'],
  ['payment_required', 'credit.insufficient'],
  ['session_limit', 'session.limited'],
  ['upstream_timeout', 'upstream.timeout'],
  ['server_error', 'internal'],
  ['constructor', undefined],
  ['', undefined],
])('%s is %s', (name, reason) => expect(nearestReason(name)).toBe(reason))
