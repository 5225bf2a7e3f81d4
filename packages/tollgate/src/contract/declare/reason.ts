/**
 * What happened, in one closed vocabulary that is the same for every API. Rate, quota, concurrency and money stay apart here,
 * however a dialect mixes them under one status.
 */

/** Reasons for which a gateway or a service refuses or fails. A contract must answer each of them. */
export const serverReasons = [
  'credential.missing',
  'credential.invalid',
  'credential.expired',
  'credential.revoked',
  'token.expired',
  'permission.denied',
  'account.suspended',
  'account.disabled',
  'account.not_entitled',
  'request.invalid',
  'request.too_large',
  'request.unsupported_media',
  'field.missing',
  'field.invalid',
  'route.unknown',
  'method.not_allowed',
  'resource.not_found',
  'resource.gone',
  'resource.conflict',
  'rate.limited',
  'concurrency.limited',
  'quota.exhausted',
  'credit.insufficient',
  'session.not_found',
  'session.expired',
  'session.limited',
  'idempotency.missing',
  'idempotency.mismatch',
  'idempotency.in_progress',
  'content.blocked',
  'upstream.failed',
  'upstream.timeout',
  'upstream.unavailable',
  'capacity.overloaded',
  'service.maintenance',
  'internal',
] as const

/** Reasons that only a caller can have: no answer arrived, or none that it knows. */
export const clientReasons = ['network.failed', 'network.timeout', 'outcome.unknown', 'aborted', 'unknown'] as const

/** Why a gateway or a service refuses or fails: `rate.limited`, `credit.insufficient`, `upstream.timeout`. */
export type ServerReason = (typeof serverReasons)[number]
/** Why a caller has no answer that it knows. */
export type ClientReason = (typeof clientReasons)[number]
/** What happened, in one closed vocabulary that is the same for every API. */
export type Reason = ServerReason | ClientReason

type FamilyOf<R extends string> = R extends `${infer Family}.${string}` ? Family : never

/** A reason, or a whole family of them: `session.*`. */
export type ReasonPattern = ServerReason | `${FamilyOf<ServerReason>}.*`

/** Every family of them: `session.*`. */
export const reasonFamilies: readonly ReasonPattern[] = [...new Set(serverReasons.filter((reason) => reason.includes('.')).map((reason) => `${reason.split('.', 1)[0]}.*` as ReasonPattern))]

/** Whether `reason` is the pattern itself or a member of the family that the pattern names. */
export function matchesReason(pattern: ReasonPattern, reason: Reason): boolean {
  return pattern === reason || (pattern.endsWith('.*') && reason.startsWith(pattern.slice(0, -1)))
}
