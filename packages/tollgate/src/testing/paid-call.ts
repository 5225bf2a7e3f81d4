/** The commands of one paid call on a store, with the fields that a case does not care about filled in. A case says when; a command says how long. */
import type { CallTerms, KeyClaim } from '../engine/calls/call-record.ts'
import type { AdmitCommand } from '../engine/counters.ts'
import type { Reading, Take } from '../engine/meters/meter.ts'
import type { MoneyEngine, SettleCommand } from '../engine/money-commands.ts'
import type { Allowance } from '../engine/money/renewal.ts'
import { applyOne } from '../stores/store.ts'
import type { TimedStore } from './timed-store.ts'

/** 2026-03-10T12:00:00Z */
export const NOON = Date.UTC(2026, 2, 10, 12)
export const HOLD_MS = 60_000

export const termsFor = (id: string, more: Partial<CallTerms> = {}): CallTerms => ({ id, accountId: 'a', holdMs: HOLD_MS, onExpiry: 'release', ...more })
export const keyOf = (scope: string, more: Partial<KeyClaim> = {}): KeyClaim => ({ scope, fingerprint: 'f', keptMs: 86_400_000, ...more })

export const creditOf = (cost: number, subject = 'account:a'): Take => ({ subject, name: 'credit', meter: { kind: 'balance', scale: 2 }, limit: 0, cost })
export const leaseOf = (of: 'slot' | 'session' | 'stock', limit: number, cost = 1, subject = 'account:a'): Take => ({ subject, name: of, meter: { kind: 'lease', of }, limit, cost })

interface Instant {
  readonly nowMs?: number
}

export function grant(store: TimedStore<MoneyEngine>, units: number, more: { readonly grantId?: string; readonly subject?: string; readonly expiresAtMs?: number; readonly allowance?: Allowance; readonly nowMs?: number } = {}) {
  const { nowMs = NOON, ...of } = more
  return applyOne(store.at(nowMs), { kind: 'grant', subject: 'account:a', name: 'credit', scale: 2, grantId: 'g1', units, reason: 'recharge', ...of })
}

export function debit(store: TimedStore<MoneyEngine>, units: number, more: { readonly debitId?: string; readonly subject?: string; readonly scale?: number; readonly allowance?: Allowance; readonly nowMs?: number } = {}) {
  const { nowMs = NOON, ...of } = more
  return applyOne(store.at(nowMs), { kind: 'debit', subject: 'account:a', name: 'credit', scale: 2, debitId: 'd1', units, reason: 'correction', ...of })
}

export function admit(store: TimedStore<MoneyEngine>, takes: readonly Take[], call: CallTerms, { nowMs = NOON, ...more }: Partial<AdmitCommand> & Instant = {}) {
  return applyOne(store.at(nowMs), { kind: 'admit', takes, call, ...more })
}

export function claim(store: TimedStore<MoneyEngine>, call: CallTerms, key: KeyClaim, { nowMs = NOON, ...more }: { readonly redispatch?: boolean } & Instant = {}) {
  return applyOne(store.at(nowMs), { kind: 'claim', claim: key, call, ...more })
}

export function settle(store: TimedStore<MoneyEngine>, callId: string, outcome: SettleCommand['outcome'], { nowMs = NOON, ...more }: Partial<SettleCommand> & Instant = {}) {
  return applyOne(store.at(nowMs), { kind: 'settle', callId, outcome, reason: 'test', ...more })
}

/** Until the instant. */
export async function extend(store: TimedStore<MoneyEngine>, callId: string, untilMs: number, { nowMs = NOON, ...more }: { readonly fence?: number } & Instant = {}): Promise<boolean> {
  return (await applyOne(store.at(nowMs), { kind: 'extend', callId, holdMs: untilMs - nowMs, ...more })).extended
}

/** Available and held units of the balance. */
export async function balance(store: TimedStore<MoneyEngine>, nowMs = NOON, subject = 'account:a'): Promise<readonly [available: number, held: number]> {
  const statement = await store.at(nowMs).balance(subject, 'credit')
  return [statement?.availableUnits ?? 0, statement?.heldUnits ?? 0]
}

/** Never fits. */
const nothing = leaseOf('stock', 0, 1, 'account:nobody')

/** What the meters say. An engine of money has no peek: a stage that is refused takes nothing, and reads. */
export async function readingsOf(store: TimedStore<MoneyEngine>, takes: readonly Take[], nowMs = NOON): Promise<readonly Reading[]> {
  const { readings } = await admit(store, [...takes.map((each) => ({ ...each, cost: 0 })), nothing], termsFor('who asks'), { nowMs })
  return readings.slice(0, -1)
}

export async function usedOf(store: TimedStore<MoneyEngine>, takes: readonly Take[], nowMs = NOON): Promise<readonly number[]> {
  return (await readingsOf(store, takes, nowMs)).map(({ used }) => used)
}

/** How many are alive. */
export async function alive(store: TimedStore<MoneyEngine>, of: 'slot' | 'session' | 'stock', nowMs = NOON): Promise<number> {
  return (await usedOf(store, [leaseOf(of, 1_000)], nowMs))[0] ?? NaN
}

/** Kind, units and balance after it, of each row. */
export async function movements(store: TimedStore<MoneyEngine>, subject = 'account:a'): Promise<readonly string[]> {
  const rows = await store.ledger({ subject, limit: 1_000 })
  return rows.map(({ kind, units, availableUnits, heldUnits, reason }) => `${kind} ${units} (${availableUnits}+${heldUnits}) ${reason}`)
}
