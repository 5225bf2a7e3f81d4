/** What time alone does: calls past their deadline, leases and grants past their expiry. */
import { expireGrants } from './balance.ts'
import { expireLease } from './decide-lease.ts'
import type { Draft } from './draft.ts'
import { resolveAtDeadline } from './settlement.ts'

/** Resolves what is due, the earliest first, of each kind at most `limit`; says how many. */
export function resolveDue(draft: Draft, limit: number): { readonly calls: number; readonly leases: number; readonly grants: number } {
  const { view, nowMs } = draft
  if (nowMs < view.nextDueMs) return { calls: 0, leases: 0, grants: 0 }
  const calls = view.dueCalls(nowMs, limit)
  for (const call of calls) resolveAtDeadline(draft, call)
  const leases = view.dueLeases(nowMs, limit)
  for (const lease of leases) expireLease(draft, lease)
  let grants = 0
  for (const subject of view.dueSubjects(nowMs, limit)) grants += expireGrantsOf(draft, subject)
  return { calls: calls.length, leases: leases.length, grants }
}

/** Forgets done calls that need not be kept any longer. */
export function forgetCalls(draft: Draft, limit: number): void {
  for (const call of draft.view.forgettableCalls(draft.nowMs, limit)) draft.removeCall(call.id)
}

function expireGrantsOf(draft: Draft, subject: string): number {
  let expired = 0
  for (const state of draft.record(subject)) {
    if (state.kind !== 'balance') continue
    draft.changeBalance({ ...state, subject }, (balance) => {
      const change = expireGrants(balance, draft.nowMs)
      expired += change.movements.length
      return change
    }, { reason: 'expiry' })
  }
  return expired
}
