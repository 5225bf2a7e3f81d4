/** What brings people to a reference of errors, in their own words, and which reasons are behind it. */
import type { ServerReason } from 'tollgate/contract'
import type { DescribedContract, DescribedEntry } from '../model/described-contract.ts'

export interface Situation {
  /** By which links name it; it never changes. */
  readonly id: string
  readonly title: string
  readonly words: string
  readonly reasons: readonly ServerReason[]
}

export const situations: readonly Situation[] = [
  {
    id: 'key-refused',
    title: 'My key is refused',
    words: 'Nobody is known yet: see whether a key is sent at all, in the right header, whole, and whether it is still valid.',
    reasons: ['credential.missing', 'credential.invalid', 'credential.expired', 'credential.revoked', 'token.expired'],
  },
  {
    id: 'not-allowed',
    title: 'My key works, but I may not do this',
    words: 'The credential is known, and what it belongs to may not do this. Another key of the same account is often refused alike.',
    reasons: ['permission.denied', 'account.not_entitled', 'account.suspended', 'account.disabled'],
  },
  {
    id: 'slow-down',
    title: 'I am told to slow down',
    words: 'A rate passes by itself, a quota with its period, and a limit of what runs at once when something ends: see which one it is before you wait.',
    reasons: ['rate.limited', 'concurrency.limited', 'session.limited', 'quota.exhausted'],
  },
  { id: 'out-of-credit', title: 'I am out of quota or credit', words: 'No program cures this: somebody waits for the period to end, tops up, or changes the plan.', reasons: ['quota.exhausted', 'credit.insufficient'] },
  {
    id: 'request-rejected',
    title: 'My request is rejected',
    words: 'The same request is refused again, however often it is sent. The answer names what to change.',
    reasons: ['request.invalid', 'field.missing', 'field.invalid', 'request.too_large', 'request.unsupported_media', 'content.blocked'],
  },
  {
    id: 'not-found',
    title: 'Something is not found, or gone',
    words: 'The path may be wrong, or the id, or the account that asks: what belongs to somebody else is not found either.',
    reasons: ['route.unknown', 'method.not_allowed', 'resource.not_found', 'session.not_found', 'resource.gone', 'session.expired'],
  },
  {
    id: 'conflict',
    title: 'My request is in conflict with something',
    words: 'With the state of what it names, or with an earlier request under the same idempotency key.',
    reasons: ['resource.conflict', 'idempotency.mismatch', 'idempotency.in_progress', 'idempotency.missing'],
  },
  {
    id: 'api-fails',
    title: 'The API itself fails',
    words: 'Nothing is wrong with the request. It may be sent again where the retry rule allows it; what writes, only where it can do no harm twice.',
    reasons: ['internal', 'upstream.failed', 'upstream.timeout', 'upstream.unavailable', 'capacity.overloaded', 'service.maintenance'],
  },
  {
    id: 'worked-before',
    title: 'It worked until now',
    words: 'The program has not changed, so something else has: a key or token ended, a period is used up, or what was asked for is over.',
    reasons: ['credential.expired', 'credential.revoked', 'token.expired', 'quota.exhausted', 'credit.insufficient', 'account.suspended', 'account.disabled', 'resource.gone', 'session.expired'],
  },
]

/** The entries that are meant: those of its reasons, and where a reason has none of its own, those that speak for it. In the order of the contract. */
export function entriesOf({ reasons }: Situation, { entries }: DescribedContract): readonly DescribedEntry[] {
  const meant = new Set(reasons.flatMap((reason) => {
    const own = entries.filter((entry) => entry.reason === reason)
    return own.length > 0 ? own : entries.filter(({ causes }) => causes.some((cause) => cause.reason === reason))
  }))
  return entries.filter((entry) => meant.has(entry))
}
