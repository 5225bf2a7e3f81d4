/** The life of a lease after the call that took it: bound to an id of the service's, renewed, ended, expired. Its tombstone stays. */
import { assertInteger } from '../assert-value.ts'
import type { Decision } from '../decision.ts'
import type { Draft } from '../draft.ts'
import { callKeys } from '../footprint.ts'
import type { Lease, LeaseState } from './lease-record.ts'
import { callInTime } from './call-ends.ts'
import type { BindLeaseCommand, EndLeaseCommand, MoneyResults, RenewLeaseCommand } from '../money-commands.ts'

const assertExpiry = ({ id, expiresAtMs }: BindLeaseCommand | RenewLeaseCommand): void => void (expiresAtMs !== undefined && assertInteger(expiresAtMs, `expiresAtMs of ${id}`))

export const bindLeaseDecision: Decision<BindLeaseCommand> = {
  assert: assertExpiry,
  footprint: ({ callId, api, id }) => [...callKeys(callId), { of: 'lease', api, id }],
  decide: bind,
}

export const renewLeaseDecision: Decision<RenewLeaseCommand> = {
  assert: assertExpiry,
  footprint: ({ accountId, id }) => [{ of: 'account-lease', accountId, id }],
  decide: renew,
}

export const endLeaseDecision: Decision<EndLeaseCommand> = {
  assert: () => undefined,
  footprint: ({ accountId, id }) => [{ of: 'account-lease', accountId, id }],
  decide(draft, { accountId, id, as }) {
    const lease = leaseInTime(draft, draft.leaseOfAccount(accountId, id))
    if (lease?.state !== 'active') return { done: lease?.state === as, lease }
    return { done: true, lease: end(draft, lease, as, draft.nowMs) }
  },
}

function bind(draft: Draft, { callId, api, id, expiresAtMs }: BindLeaseCommand): MoneyResults['bind-lease'] {
  const call = callInTime(draft, callId)
  const holder = leaseInTime(draft, draft.lease(api, id))
  if (holder !== undefined) {
    const isOwn = holder.callId === callId || call?.bound?.some((bound) => bound.id === id) === true
    // Asked again after its time: it was bound all the same.
    return { bound: isOwn && (holder.state === 'active' || holder.state === 'expired'), lease: holder }
  }
  if (call === undefined || call.leases.length === 0) return { bound: false, lease: undefined }
  const { accountId, leases } = call
  const lease: Lease = { id, api, accountId, callId, state: 'active', taken: leases, expiresAtMs, createdAtMs: draft.nowMs }
  draft.putLease(lease)
  draft.putCall({ ...call, leases: [], bound: [...(call.bound ?? []), { id, taken: leases }] })
  return { bound: true, lease }
}

function renew(draft: Draft, { accountId, id, expiresAtMs }: RenewLeaseCommand): MoneyResults['renew-lease'] {
  const lease = leaseInTime(draft, draft.leaseOfAccount(accountId, id))
  // Asked again after the very end that was asked for: it was renewed until then.
  if (lease?.state !== 'active') return { done: lease?.state === 'expired' && expiresAtMs !== undefined && lease.expiresAtMs === expiresAtMs, lease }
  const renewed: Lease = { ...lease, expiresAtMs }
  draft.putLease(renewed)
  return { done: true, lease: renewed }
}

export function expireLease(draft: Draft, lease: Lease): Lease {
  return end(draft, lease, 'expired', lease.expiresAtMs ?? draft.nowMs)
}

/** The lease, after what its expiry did to it if that has passed. */
function leaseInTime(draft: Draft, lease: Lease | undefined): Lease | undefined {
  const isOver = lease?.state === 'active' && lease.expiresAtMs !== undefined && lease.expiresAtMs <= draft.nowMs
  return isOver ? expireLease(draft, lease) : lease
}

function end(draft: Draft, lease: Lease, state: LeaseState, endedAtMs: number): Lease {
  const ended: Lease = { ...lease, state, endedAtMs }
  draft.endLeases(lease.taken)
  draft.putLease(ended)
  return ended
}
