import { describe, expect, test } from 'vitest'
import type { CallRecord } from '../calls/call-record.ts'
import { checkLedger, createLedgerCheck } from './ledger-check.ts'
import type { LedgerRow, MovementKind } from './ledger.ts'

const NOON = Date.UTC(2026, 2, 10, 12)

/** Rows that add up, whatever they do: `settle 30 c1`. */
function history(...lines: readonly string[]): LedgerRow[] {
  let [availableUnits, heldUnits] = [0, 0]
  return lines.map((line, at) => {
    const [kind = '', amount = '', id] = line.split(' ')
    const units = Number(amount)
    if (kind === 'grant' || kind === 'release') availableUnits += units
    if (kind === 'hold' || kind === 'debit' || kind === 'expire') availableUnits -= units
    if (kind === 'hold') heldUnits += units
    if (kind === 'settle' || kind === 'release') heldUnits -= units
    const of = id === undefined ? {} : kind === 'grant' ? { grantId: id } : kind === 'debit' ? { debitId: id } : { callId: id }
    return { number: at + 1, cursor: at + 1, subject: 'account:a', name: 'credit', scale: 2, atMs: NOON, kind: kind as MovementKind, units, availableUnits, heldUnits, reason: 'test', ...of }
  })
}

const call = (id: string, more: Partial<CallRecord> = {}): CallRecord => ({
  id, accountId: 'a', deadlineMs: NOON + 60_000, onExpiry: 'release', state: 'dispatched', fence: 1, holds: [], leases: [], chargedUnits: 0, createdAtMs: NOON, ...more,
})
const holding = (units: number) => ({ holds: [{ subject: 'account:a', name: 'credit', scale: 2, units, parts: [{ id: 'g1', units }] }] })
const done = (chargedUnits: number, scope?: string): Partial<CallRecord> => ({
  state: 'done', chargedUnits, ended: { atMs: NOON, by: 'settlement', keptUntilMs: NOON + 1_000 }, ...(scope !== undefined && { claim: { scope, fingerprint: 'f', keptUntilMs: NOON + 1_000 } }),
})

const kinds = (rows: readonly LedgerRow[], calls: readonly CallRecord[]): string[] => checkLedger(rows, calls).map(({ kind }) => kind)

describe('the ledger check', () => {
  test('finds nothing in a history that adds up', () => {
    const rows = history('grant 500 g1', 'hold 100 c1', 'hold 50 c2', 'settle 70 c1', 'release 30 c1', 'hold 10 c3', 'release 50 c2', 'expire 20', 'debit 30 d1', 'grant 3 d1', 'debit 1 d2', 'hold 5 c4', 'release 5 c4', 'hold 5 c5')
    expect(checkLedger(rows, [call('c1', done(70)), call('c3', holding(10)), call('c5', { state: 'unknown', ...holding(5) })])).toEqual([])
    expect(checkLedger([], [])).toEqual([])
  })

  test('finds nothing wrong with a key that is charged again after its answer was forgotten', () => {
    const rows = history('grant 100 g1', 'hold 10 c1', 'settle 10 c1', 'hold 10 c2', 'settle 10 c2')
    expect(kinds(rows, [call('c1', done(10, 'k')), call('c2', { ...done(10, 'k'), createdAtMs: NOON + 1_000 })])).toEqual([])
  })

  test('counts the rows of each subject by themselves', () => {
    const [a, b] = [history('grant 5 g1', 'grant 5 g2'), history('grant 5 g1', 'debit 5 d1').map((row) => ({ ...row, subject: 'account:b' }))]
    const mixed = [a[0], b[0], b[1], a[1]].filter((row) => row !== undefined)
    expect(checkLedger(mixed, [])).toEqual([])
    expect(checkLedger(mixed.slice(1), [])).toMatchObject([{ kind: 'gap', number: 2, message: 'row 2 of account:a: follows row 0' }, { kind: 'sum' }])
  })

  test('takes rows one by one, and says at any time what is wrong so far', () => {
    const check = createLedgerCheck()
    const [grantRow, ...rest] = history('grant 500 g1', 'hold 100 c1', 'settle 100 c1')
    if (grantRow !== undefined) check.add(grantRow)
    expect(check.against([])).toEqual([])
    for (const row of rest.slice(0, 1)) check.add(row)
    expect(check.against([]).map(({ kind }) => kind)).toEqual(['lost_hold'])
    for (const row of rest.slice(1)) check.add(row)
    expect(check.against(new Set([call('c1', done(100))]))).toEqual([])
  })

  const whole = history('grant 500 g1', 'hold 100 c1', 'settle 70 c1', 'release 30 c1', 'hold 10 c2')
  const calls = [call('c1', done(70)), call('c2', holding(10))]
  const faults: readonly (readonly [name: string, rows: readonly LedgerRow[], calls: readonly CallRecord[], kinds: readonly string[]])[] = [
    ['a settlement that is booked twice', history('grant 500 g1', 'hold 100 c1', 'settle 70 c1', 'settle 70 c1'), [call('c1', done(140))], ['negative', 'settled_twice', 'beyond_hold']],
    ['a release that was lost', history('grant 500 g1', 'hold 100 c1', 'settle 70 c1'), [call('c1', done(70))], ['lost_hold']],
    ['a hold of a call that nobody knows', history('grant 500 g1', 'hold 100 c1'), [], ['lost_hold']],
    ['a charge after everything was released', history('grant 500 g1', 'hold 100 c1', 'hold 100 c2', 'release 100 c1', 'settle 70 c1'), [call('c1', done(70)), call('c2', holding(100))], ['charged_after_release']],
    ['a balance below zero', history('grant 50 g1', 'hold 100 c1'), [call('c1', holding(100))], ['negative']],
    ['a row that is missing', whole.filter(({ number }) => number !== 4), calls, ['gap', 'sum', 'lost_hold']],
    ['a row that stands twice', [...whole, ...whole.slice(-1)], calls, ['gap', 'sum', 'call_differs']],
    ['a settlement above the hold', history('grant 500 g1', 'hold 50 c2', 'hold 100 c1', 'settle 130 c1'), [call('c1', done(130)), call('c2', holding(50))], ['beyond_hold']],
    ['a charge of a call that never held anything', history('grant 500 g1', 'hold 100 c1', 'settle 10 c9'), [call('c1', holding(100))], ['unknown_call']],
    ['a release of no call', history('grant 500 g1', 'hold 100 c1', 'release 100'), [call('c1', holding(100))], ['unknown_call']],
    ['figures that were changed', whole.map((row) => (row.number === 3 ? { ...row, availableUnits: 401 } : row)), calls, ['sum', 'sum']],
    ['an amount that is none', history('grant 500 g1', 'hold 0 c1'), [], ['amount']],
    ['a grant that was made twice', history('grant 500 g1', 'grant 500 g1'), [], ['granted_twice']],
    ['a debit that was made twice', history('grant 500 g1', 'debit 70 d1', 'debit 70 d1'), [], ['debited_twice']],
    ['a debit of more than is available', history('grant 100 g1', 'hold 60 c2', 'debit 50 d1'), [call('c2', holding(60))], ['negative']],
    ['a debit out of what is held', history('grant 100 g1', 'hold 60 c2', 'debit 50 d1').map((row) => (row.kind === 'debit' ? { ...row, availableUnits: 40, heldUnits: 10 } : row)), [call('c2', holding(60))], ['negative', 'sum']],
    ['a debit that took nothing', history('grant 100 g1', 'debit 50 d1').map((row) => (row.kind === 'debit' ? { ...row, availableUnits: 100 } : row)), [], ['sum']],
    ['another scale', history('grant 500 g1', 'grant 1 g2').map((row) => (row.number === 2 ? { ...row, scale: 3 } : row)), [], ['scale']],
    ['a record that holds something else', whole, [call('c1', done(70)), call('c2', holding(11))], ['call_differs']],
    ['a record that was charged something else', whole, [call('c1', done(71)), call('c2', holding(10))], ['call_differs']],
    ['two charges for one key', history('grant 100 g1', 'hold 10 c1', 'settle 10 c1', 'hold 10 c2', 'settle 10 c2'), [call('c1', done(10, 'k')), call('c2', done(10, 'k'))], ['key_charged_twice']],
  ]
  test.each(faults)('finds %s', (_, rows, known, found) => {
    expect(kinds(rows, known)).toEqual(found)
    expect(checkLedger(rows, known).every(({ message }) => message.length > 10)).toBe(true)
  })
})
