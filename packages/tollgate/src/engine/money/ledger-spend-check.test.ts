import { describe, expect, test } from 'vitest'
import type { CallCount, CallRecord } from '../calls/call-record.ts'
import { checkLedger, createLedgerCheck } from './ledger-check.ts'
import type { LedgerRow } from './ledger.ts'
import type { SpendCounter } from './ledger-spend-check.ts'

const NOON = Date.UTC(2026, 2, 10, 12)
const MIDNIGHT = Date.UTC(2026, 2, 11)
const YESTERDAY = Date.UTC(2026, 2, 10)

/** Of the subject `key:k`, in the order in which they were written: `30 c1`, or `30 c1 NAME`. */
function spent(...lines: readonly string[]): LedgerRow[] {
  return lines.map((line, at) => {
    const [units = '', callId = '', name = 'spending'] = line.split(' ')
    return { number: at + 1, cursor: at + 1, subject: 'key:k', name, scale: 2, atMs: NOON, kind: 'spend', units: Number(units), availableUnits: 0, heldUnits: 0, countsUntilMs: MIDNIGHT, callId, reason: 'request' }
  })
}
const count = (cost: number, atMs = MIDNIGHT, subject = 'key:k'): CallCount => ({ subject, name: 'spending', meter: { kind: 'spend', scale: 2, over: { kind: 'quota', period: 'day' } }, limit: 100, cost, scale: 2, atMs })
const call = (id: string, more: Partial<CallRecord> = {}): CallRecord => ({ id, accountId: 'a', deadlineMs: NOON + 60_000, onExpiry: 'release', state: 'dispatched', fence: 1, holds: [], leases: [], chargedUnits: 0, createdAtMs: NOON, ...more })
const done = (id: string, chargedUnits: number): CallRecord => call(id, { state: 'done', chargedUnits, countedScale: 2, ended: { atMs: NOON, by: 'settlement', keptUntilMs: NOON + 1_000 } })
const says = (usedUnits: number, more: Partial<SpendCounter> = {}): SpendCounter => ({ subject: 'key:k', name: 'spending', scale: 2, usedUnits, resetAtMs: MIDNIGHT, readAtMs: NOON + 1, ...more })

const rows = spent('30 c1', '20 c2')
const calls = [done('c1', 30), done('c2', 20), call('c3', { counts: [count(25)] })]

describe('the check of what is spent', () => {
  test('finds nothing where a meter counts what was charged and what open calls may cost', () => {
    expect(checkLedger(rows, calls, [says(75)])).toEqual([])
    expect(checkLedger(rows, [], [says(50)])).toEqual([])
    expect(checkLedger([], [], [says(0, { resetAtMs: NOON + 1 })])).toEqual([])
  })

  test('counts only what is in the period, or still in the window', () => {
    const early = rows.map((row) => (row.callId === 'c1' ? { ...row, countsUntilMs: YESTERDAY } : row))
    expect(checkLedger(early, [call('c3', { counts: [count(25, YESTERDAY)] })], [says(20)])).toEqual([])
    // A window: its oldest instant leaves it first.
    const sliding = rows.map((row, at) => ({ ...row, countsUntilMs: NOON + 1_000 * at }))
    expect(checkLedger(sliding, [], [says(20, { resetAtMs: NOON + 1_000 })])).toEqual([])
  })

  test('passes over what was written while time was ahead, and forgotten when it was set back', () => {
    const ahead = rows.map((row) => ({ ...row, atMs: NOON + 86_400_000 * 365, countsUntilMs: MIDNIGHT + 86_400_000 * 365 }))
    expect(checkLedger(ahead, [], [says(0)])).toEqual([])
  })

  test('keeps no more than what counts, however many rows there are', () => {
    const check = createLedgerCheck()
    for (let at = 1; at <= 20_000; at += 1) check.add({ ...rows[0], number: at, cursor: at, atMs: NOON + at, countsUntilMs: NOON + at + 1_000, callId: undefined } as unknown as LedgerRow)
    expect(check.against([], [says(30 * 1_000, { resetAtMs: NOON + 20_001, readAtMs: NOON + 20_000 })])).toEqual([])
  })

  test.each<[string, readonly LedgerRow[], readonly CallRecord[], SpendCounter, string]>([
    ['a meter that has lost a charge', rows, calls, says(45), 'spending of key:k says 0.45 spent, the ledger and the open calls say 0.75'],
    ['a meter that never gave back what an ended call had counted', rows, calls.slice(0, 2), says(75), 'spending of key:k says 0.75 spent, the ledger and the open calls say 0.50'],
    ['a charge that was counted twice', rows, calls, says(105), 'spending of key:k says 1.05 spent, the ledger and the open calls say 0.75'],
    ['a charge that was counted in another period', rows.map((row) => (row.callId === 'c1' ? { ...row, countsUntilMs: YESTERDAY } : row)), calls, says(75), 'spending of key:k says 0.75 spent, the ledger and the open calls say 0.45'],
    ['an open call that counts with another subject', rows, [...calls.slice(0, 2), call('c3', { counts: [count(25, MIDNIGHT, 'key:other')] })], says(75), 'spending of key:k says 0.75 spent, the ledger and the open calls say 0.50'],
    ['a row that is missing', rows.slice(0, 1), calls, says(75), 'c2 says it was charged 0.20, and nothing of it is written down as spent'],
    ['a row with another sum than the call', rows, [done('c1', 29), ...calls.slice(1)], says(75), 'c1 was charged 0.29, and spending has 0.30 of it as spent'],
    ['a row that was written twice', spent('30 c1', '20 c2', '30 c1'), calls, says(105), 'c1 was charged 0.30, and spending has 0.60 of it as spent'],
  ])('finds %s', (_, ofLedger, known, counter, message) => {
    const [first] = checkLedger(ofLedger, known, [counter])
    expect([first?.kind, first?.message]).toEqual(['spend_differs', message])
  })

  test('finds a charge of a balance that is written down as spent with another sum, when nobody remembers the call any more', () => {
    const paid = (kind: 'grant' | 'hold' | 'settle', at: number, availableUnits: number, heldUnits: number): LedgerRow => ({ number: at, cursor: at, subject: 'account:a', name: 'credit', scale: 2, atMs: NOON, kind, units: 30, availableUnits, heldUnits, reason: 'test', ...(kind !== 'grant' && { callId: 'c1' }) })
    const moved = [paid('grant', 1, 30, 0), paid('hold', 2, 0, 30), paid('settle', 3, 0, 0)]
    expect(checkLedger([...moved, ...spent('30 c1')], [])).toEqual([])
    expect(checkLedger([...moved, ...spent('29 c1')], [])).toMatchObject([{ kind: 'spend_differs', message: 'c1 was charged 0.30, and spending has 0.29 of it as spent' }])
  })

  test('finds that a row of a subject is gone, whatever it says', () => {
    expect(checkLedger(rows.slice(1), calls.slice(1), [])).toMatchObject([{ kind: 'gap' }])
  })
})
