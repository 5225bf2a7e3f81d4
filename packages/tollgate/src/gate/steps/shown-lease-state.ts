import type { Lease } from '../../engine/calls/lease-record.ts'

export type ShownLeaseState = 'active' | 'terminated' | 'expired'

/** As its service and its owner see it. One whose time is over has expired, whether or not the store has come to say so. */
export function shownLeaseState({ state, expiresAtMs }: Lease, nowMs: number): ShownLeaseState {
  if (state === 'active') return expiresAtMs !== undefined && expiresAtMs <= nowMs ? 'expired' : 'active'
  return state === 'expired' ? 'expired' : 'terminated'
}
