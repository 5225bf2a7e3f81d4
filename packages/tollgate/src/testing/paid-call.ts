/** The commands of one paid call on a store, with the fields that a case does not care about filled in. */
import type { CallContext, IdempotencyClaim } from '../admission/call-record.ts'
import type { Take } from '../admission/meter.ts'
import type { AdmitCommand } from '../admission/counters.ts'
import type { SettleCommand } from '../admission/money.ts'
import { applyOne, type Store } from '../admission/store.ts'

/** 2026-03-10T12:00:00Z */
export const NOON = Date.UTC(2026, 2, 10, 12)
export const DEADLINE_MS = 60_000

export const callOf = (id: string, more: Partial<CallContext> = {}): CallContext => ({ id, accountId: 'a', deadlineMs: NOON + DEADLINE_MS, onExpiry: 'release', ...more })
export const keyOf = (scope: string, more: Partial<IdempotencyClaim> = {}): IdempotencyClaim => ({ scope, fingerprint: 'f', keptUntilMs: NOON + 86_400_000, ...more })

export const creditOf = (cost: number, subject = 'account:a'): Take => ({ subject, name: 'credit', meter: { kind: 'balance', scale: 2 }, limit: 0, cost })
export const leaseOf = (of: 'slot' | 'session' | 'stock', limit: number, cost = 1, subject = 'account:a'): Take => ({ subject, name: of, meter: { kind: 'lease', of }, limit, cost })

export function grant(store: Store, units: number, more: { readonly grantId?: string; readonly subject?: string; readonly expiresAtMs?: number; readonly nowMs?: number } = {}) {
  return applyOne(store, { kind: 'grant', subject: 'account:a', name: 'credit', scale: 2, grantId: 'g1', units, reason: 'recharge', nowMs: NOON, ...more })
}

export function debit(store: Store, units: number, more: { readonly debitId?: string; readonly subject?: string; readonly scale?: number; readonly nowMs?: number } = {}) {
  return applyOne(store, { kind: 'debit', subject: 'account:a', name: 'credit', scale: 2, debitId: 'd1', units, reason: 'correction', nowMs: NOON, ...more })
}

export function take(store: Store, takes: readonly Take[], call: CallContext, more: Partial<AdmitCommand> = {}) {
  return applyOne(store, { kind: 'admit', takes, nowMs: NOON, call, ...more })
}

export function claim(store: Store, call: CallContext, key: IdempotencyClaim, more: { readonly nowMs?: number; readonly redispatch?: boolean } = {}) {
  return applyOne(store, { kind: 'claim', claim: key, call, nowMs: NOON, ...more })
}

export function settle(store: Store, callId: string, outcome: SettleCommand['outcome'], more: Partial<SettleCommand> = {}) {
  return applyOne(store, { kind: 'settle', callId, outcome, reason: 'test', nowMs: NOON, ...more })
}

export async function extend(store: Store, callId: string, deadlineMs: number, more: { readonly nowMs?: number; readonly fence?: number } = {}): Promise<boolean> {
  return (await applyOne(store, { kind: 'extend', callId, deadlineMs, nowMs: NOON, ...more })).extended
}

/** Available and held units of the balance. */
export async function balance(store: Store, nowMs = NOON, subject = 'account:a'): Promise<readonly [available: number, held: number]> {
  const [reading] = await store.peek([creditOf(0, subject)], nowMs)
  return [reading?.remaining ?? NaN, reading?.used ?? NaN]
}

/** How many are alive. */
export async function alive(store: Store, of: 'slot' | 'session' | 'stock', nowMs = NOON): Promise<number> {
  const [reading] = await store.peek([leaseOf(of, 1_000)], nowMs)
  return reading?.used ?? NaN
}

/** Kind, units and balance after it, of each row. */
export async function movements(store: Store, subject = 'account:a'): Promise<readonly string[]> {
  const rows = await store.ledger({ subject, limit: 1_000 })
  return rows.map(({ kind, units, availableUnits, heldUnits, reason }) => `${kind} ${units} (${availableUnits}+${heldUnits}) ${reason}`)
}
