/** Lets pass only who names a lease of their own that may still be used. A foreign one is as unknown as one that never was. */
import type { Lease } from '../admission/lease.ts'
import { refuse, type Refusal } from '../contract/refusal.ts'
import type { CallInProgress } from './call-in-progress.ts'
import type { LeaseOptions } from './step-options.ts'

export type ShownLeaseState = 'active' | 'terminated' | 'expired'

export function refusedLease(current: CallInProgress, { param, allow = ['active'] }: LeaseOptions, lease: Lease | undefined, nowMs: number): Refusal | undefined {
  const id = current.matched?.params[param] ?? ''
  if (lease === undefined || lease.accountId !== current.log.principal?.account.id) {
    return refuse('session.not_found', { resource: 'session', id, issue: 'there is no such session' }, { source: 'client' })
  }
  const state = shownState(lease, nowMs)
  current.lease = lease
  if (state !== 'expired' && allow.includes(state)) return undefined
  const expiredAtMs = state === 'expired' ? (lease.expiresAtMs ?? lease.endedAtMs) : undefined
  return refuse('session.expired', { resource: 'session', id, state, ...(expiredAtMs !== undefined && { expiredAtMs }) }, { source: 'client' })
}

/** As its service and its owner see it. One whose time is over has expired, whether or not the store has come to say so. */
export function shownState({ state, expiresAtMs }: Lease, nowMs: number): ShownLeaseState {
  if (state === 'active') return expiresAtMs !== undefined && expiresAtMs <= nowMs ? 'expired' : 'active'
  return state === 'expired' ? 'expired' : 'terminated'
}
