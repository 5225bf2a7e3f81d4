/** What time alone does: calls past their deadline, leases and grants past their expiry; and what it lets be forgotten. */
import { balanceCodec, expireGrants } from '../money/balance.ts'
import { expireLease } from './decide-lease.ts'
import { assertAmount } from '../assert-value.ts'
import type { Decision } from '../decision.ts'
import type { Draft } from '../draft.ts'
import { resolveAtDeadline } from './call-ends.ts'
import type { SweepCommand } from '../money-commands.ts'
import { statesIn } from '../meters/subject-record.ts'

/** How long a session that is over can still be told from one that never was. */
export const LEASES_KEPT_MS = 30 * 86_400_000

export const sweepDecision: Decision<SweepCommand> = {
  assert({ limit, leasesKeptMs = LEASES_KEPT_MS }) {
    assertAmount(limit, 1, 'limit of the sweep')
    assertAmount(leasesKeptMs, 0, 'leasesKeptMs of the sweep')
  },
  footprint: ({ limit, leasesKeptMs = LEASES_KEPT_MS }) => [{ of: 'due', limit, leasesKeptMs }],
  decide(draft, { limit, leasesKeptMs = LEASES_KEPT_MS }) {
    const resolved = resolveDue(draft, limit)
    const isAll = forget(draft, limit, leasesKeptMs)
    return isAll ? resolved : { ...resolved, nextDueMs: draft.nowMs }
  },
}

/** Resolves what is due, the earliest first, of each kind at most `limit`; says how many. */
function resolveDue(draft: Draft, limit: number): { readonly calls: number; readonly leases: number; readonly grants: number } {
  const { view, nowMs } = draft
  const calls = view.dueCalls(nowMs, limit)
  for (const call of calls) resolveAtDeadline(draft, call)
  const leases = view.dueLeases(nowMs, limit)
  for (const lease of leases) expireLease(draft, lease)
  let grants = 0
  for (const subject of view.dueSubjects(nowMs, limit)) grants += expireGrantsOf(draft, subject)
  return { calls: calls.length, leases: leases.length, grants }
}

/** Forgets done calls and tombstones that need not be kept any longer, of each at most `limit`; says whether that was all. */
function forget(draft: Draft, limit: number, leasesKeptMs: number): boolean {
  const { view, nowMs } = draft
  const calls = view.forgettableCalls(nowMs, limit)
  for (const id of calls) draft.removeCall(id)
  const leases = view.endedLeases(nowMs - leasesKeptMs, limit)
  for (const lease of leases) draft.removeTombstone(lease)
  return calls.length < limit && leases.length < limit
}

function expireGrantsOf(draft: Draft, subject: string): number {
  let expired = 0
  for (const state of statesIn(draft.record(subject), balanceCodec)) {
    draft.changeBalance({ ...state, subject }, (balance) => {
      const change = expireGrants(balance, draft.nowMs)
      expired += change.movements.length
      return change
    }, { reason: 'expiry' })
  }
  return expired
}
