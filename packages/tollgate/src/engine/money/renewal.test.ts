import { describe, expect, test } from 'vitest'
import { kinds } from '../kinds/kinds.ts'
import type { BalanceMeter, Renewal, StageDecision, Take } from '../meters/meter.ts'
import { decodeRecord, encodeRecord } from '../meters/record-codec.ts'
import { decideStage, readStage } from '../meters/stage.ts'
import { emptyRecord, type SubjectRecord } from '../meters/subject-record.ts'
import { addGrant, availableUnits, balanceOf, debitUnits, emptyBalance, endHold, holdUnits, type BalanceState } from './balance.ts'
import { afterRenewal, renewBalance, renewsAtMs, type Allowance } from './renewal.ts'

const at = (text: string): number => Date.parse(text)
const NOON = at('2026-03-10T12:00:00Z')
const APRIL = at('2026-04-01T00:00:00Z')
const MAY = at('2026-05-01T00:00:00Z')
const monthly = (units: number, more: Partial<Renewal> = {}): Allowance => ({ scale: 0, units, renew: { period: 'month', ...more } })
const empty = emptyBalance('credits', 0)

const spend = (state: BalanceState, units: number, allowance: Allowance, nowMs: number) => afterRenewal(state, allowance, nowMs, (renewed) => debitUnits(renewed, units, `d${nowMs}`, nowMs))
const grantsOf = ({ grants }: BalanceState) => grants.map(({ id, units, expiresAtMs }) => [id, units, expiresAtMs === undefined ? 'never' : new Date(expiresAtMs).toISOString().slice(0, 10)])
const movementsOf = ({ movements }: ReturnType<typeof renewBalance>) => movements.map(({ kind, units, reason }) => [kind, units, reason])

describe('a balance that renews', () => {
  test('is given its allowance once in each period, and what is left of it expires with that', () => {
    const first = renewBalance(empty, monthly(1_000), NOON)
    expect(movementsOf(first)).toEqual([['grant', 1_000, 'renewal']])
    expect(grantsOf(first.state)).toEqual([['renew:2026-03-01T00:00:00.000Z', 1_000, '2026-04-01']])
    expect(renewBalance(first.state, monthly(1_000), APRIL - 1)).toEqual({ state: first.state, movements: [] })
    const spent = spend(first.state, 300, monthly(1_000), NOON)
    const next = renewBalance(spent.state, monthly(1_000), APRIL)
    expect(movementsOf(next)).toEqual([['expire', 700, 'expiry'], ['grant', 1_000, 'renewal']])
    expect(grantsOf(next.state)).toEqual([['renew:2026-04-01T00:00:00.000Z', 1_000, '2026-05-01']])
  })

  test('is given nothing for periods in which nobody asked', () => {
    const march = renewBalance(empty, monthly(10), NOON).state
    const june = renewBalance(march, monthly(10, { carry: 'forever' }), at('2026-06-15T00:00:00Z'))
    expect(movementsOf(june)).toEqual([['expire', 10, 'expiry'], ['grant', 10, 'renewal']])
  })

  test('spends its allowance before what was bought, which keeps', () => {
    const bought = addGrant(empty, { id: 'bought', units: 500 }, NOON).state
    const year = addGrant(bought, { id: 'year', units: 50, expiresAtMs: at('2027-01-01T00:00:00Z') }, NOON).state
    const spent = spend(year, 100, monthly(100), NOON).state
    expect(grantsOf(spent)).toEqual([['year', 50, '2027-01-01'], ['bought', 500, 'never']])
    expect(grantsOf(spend(spent, 120, monthly(100), APRIL).state)).toEqual([['year', 30, '2027-01-01'], ['bought', 500, 'never']])
  })

  test('carries at most so many allowances over as it says periods', () => {
    const carried = monthly(100, { carry: 1 })
    const march = spend(empty, 30, carried, NOON).state
    expect(availableUnits(renewBalance(march, carried, APRIL).state, APRIL)).toBe(170)
    const april = spend(march, 20, carried, APRIL).state
    expect(grantsOf(april)).toEqual([['renew:2026-03-01T00:00:00.000Z', 50, '2026-05-01'], ['renew:2026-04-01T00:00:00.000Z', 100, '2026-06-01']])
    expect(availableUnits(renewBalance(april, carried, MAY).state, MAY)).toBe(200)
    expect(grantsOf(renewBalance(empty, monthly(5, { carry: 'forever' }), NOON).state)).toEqual([['renew:2026-03-01T00:00:00.000Z', 5, 'never']])
  })

  test('brings the difference at once where the allowance grows, once, and holds a smaller one from the next period on', () => {
    const small = renewBalance(empty, monthly(100), NOON).state
    const grown = renewBalance(small, monthly(500), NOON + 1)
    expect(movementsOf(grown)).toEqual([['grant', 400, 'renewal']])
    expect(grantsOf(grown.state)).toEqual([['renew:2026-03-01T00:00:00.000Z', 100, '2026-04-01'], ['renew:2026-03-10T12:00:00.001Z:500', 400, '2026-04-01']])
    for (const units of [100, 500, 0]) expect(renewBalance(grown.state, monthly(units), NOON + 2).movements).toEqual([])
    expect(movementsOf(renewBalance(grown.state, monthly(100), APRIL)).at(-1)).toEqual(['grant', 100, 'renewal'])
    // What brings nothing leaves nothing behind: the first plan that brings something brings all of it.
    const none = renewBalance(empty, monthly(0), NOON)
    expect(none).toEqual({ state: empty, movements: [] })
    expect(movementsOf(renewBalance(none.state, monthly(7), NOON))).toEqual([['grant', 7, 'renewal']])
  })

  test('keeps to the end of the former period where its calendar changes, and no two allowances have one id', () => {
    const monday = at('2026-03-09T00:00:00Z')
    const weekly = renewBalance(empty, { scale: 0, units: 10, renew: { period: 'week' } }, NOON).state
    expect(grantsOf(weekly)).toEqual([[`renew:${new Date(monday).toISOString()}`, 10, '2026-03-16']])
    const fromMonday = monthly(40, { anchorMs: monday })
    const grown = renewBalance(weekly, fromMonday, at('2026-03-15T00:00:00Z'))
    expect(movementsOf(grown)).toEqual([['grant', 30, 'renewal']])
    expect(grantsOf(grown.state).map(([, units, until]) => [units, until])).toEqual([[10, '2026-03-16'], [30, '2026-03-16']])
    expect(renewsAtMs(grown.state, fromMonday.renew, at('2026-03-15T00:00:00Z'))).toBe(at('2026-03-16T00:00:00Z'))
    expect(grantsOf(renewBalance(weekly, fromMonday, at('2026-03-16T00:00:00Z')).state)).toEqual([['renew:2026-03-16T00:00:00.000Z', 40, '2026-04-09']])
  })

  test('follows the clocks of its time zone and its anchor', () => {
    const berlin = monthly(1, { timeZone: 'Europe/Berlin' })
    const state = renewBalance(empty, berlin, NOON).state
    expect(renewsAtMs(state, berlin.renew, NOON)).toBe(at('2026-03-31T22:00:00Z'))
    expect(renewsAtMs(empty, { period: 'month', anchorMs: at('2026-01-31T08:00:00Z') }, NOON)).toBe(at('2026-03-31T08:00:00Z'))
  })

  test('is given nothing again where time was set back', () => {
    const april = renewBalance(empty, monthly(10), APRIL).state
    expect(renewBalance(april, monthly(10), NOON).movements).toEqual([])
  })

  test('never brings back what a hold took of a period that is over', () => {
    const held = afterRenewal(empty, monthly(100), NOON, (state) => holdUnits(state, 80, NOON))
    const next = renewBalance(held.state, monthly(100), APRIL)
    const ended = endHold(next.state, held.parts, 30, APRIL + 1)
    expect(ended.movements.map(({ kind, units, availableUnits: available, heldUnits }) => [kind, units, available, heldUnits])).toEqual([['settle', 30, 100, 50], ['release', 50, 150, 0], ['expire', 50, 100, 0]])
    expect(ended.state).toMatchObject({ grantedUnits: 200, chargedUnits: 30, heldUnits: 0 })
  })
})

describe('what is written of it', () => {
  const renewed = renewBalance(addGrant(empty, { id: 'g', units: 5 }, NOON).state, monthly(10), NOON).state

  test.each([['with grants', renewed], ['all spent', spend(renewed, 15, monthly(10), NOON).state], ['never renewed', addGrant(empty, { id: 'g', units: 5 }, NOON).state]])('is read again: %s', (_, state) =>
    expect(decodeRecord(encodeRecord([state]))).toEqual([state]),
  )

  test('stands behind what was written before there were allowances', () => {
    expect(encodeRecord([renewed])).toBe(`[1,["credits","balance",0,0,"renew:2026-03-01T00:00:00.000Z",10,${APRIL},"g",5,-1,15,0,${APRIL},10]]`)
    expect(decodeRecord('[1,["credits","balance",2,3,"g",5,-1,15,7]]')).toEqual([{ kind: 'balance', name: 'credits', scale: 2, heldUnits: 3, grants: [{ id: 'g', units: 5, expiresAtMs: undefined }], grantedUnits: 15, chargedUnits: 7 }])
  })

  test.each(['[1,["c","balance",0,0,0,0,5]]', '[1,["c","balance",0,0,0,0,5,-1]]', '[1,["c","balance",0,0,0,0,"5",1]]', '[1,["c","balance",0,0,0,0,5,1,1]]'])('is refused where it is damaged: %s', (text) => expect(decodeRecord(text)).toBeUndefined())
})

describe('a stage', () => {
  const credits = (cost: number, limit: number, renew: Renewal | undefined = { period: 'month' }): Take<BalanceMeter> => ({ subject: 'account:a', name: 'credits', meter: { kind: 'balance', scale: 0, ...(renew && { renew }) }, limit, cost })
  const decide = (record: SubjectRecord, take: Take, nowMs = NOON) => decideStage(() => record, [take], nowMs)
  const recordAfter = (...[record, take, nowMs]: Parameters<typeof decide>): SubjectRecord => decide(record, take, nowMs).changed[0]?.record ?? record

  test('of an account without a record takes of its first allowance, and says when the next one comes', () => {
    const { decision, movements } = decide(emptyRecord, credits(30, 100))
    expect(decision.readings).toEqual([{ subject: 'account:a', name: 'credits', kind: 'balance', limit: 100, used: 30, remaining: 70, resetAtMs: APRIL, admitted: true }])
    expect(movements.map(({ movement: { kind, units, availableUnits: available, heldUnits } }) => [kind, units, available, heldUnits])).toEqual([['grant', 100, 100, 0], ['hold', 30, 70, 30]])
  })

  test('that costs nothing, is refused or only looks, writes nothing', () => {
    for (const cost of [0, 101]) expect(decide(emptyRecord, credits(cost, 100)).changed).toEqual([])
    expect(readStage(() => emptyRecord, [credits(1, 100)], NOON)[0]).toMatchObject({ remaining: 100, limit: 100, resetAtMs: APRIL, admitted: true })
    const last = recordAfter(emptyRecord, credits(90, 100), NOON)
    expect(readStage(() => last, [credits(1, 100)], APRIL)[0]).toMatchObject({ remaining: 100, used: 90, resetAtMs: MAY })
  })

  test('says the next allowance where that would do, and nothing where it would not', () => {
    const spent = recordAfter(emptyRecord, credits(90, 100), NOON)
    const retryAtMs = (record: SubjectRecord, take: Take) => {
      const { decision } = decide(record, take)
      return refused(decision).retryAtMs
    }
    expect(retryAtMs(spent, credits(11, 100))).toBe(APRIL)
    expect(retryAtMs(spent, credits(100, 100))).toBe(APRIL)
    expect(retryAtMs(spent, credits(101, 100))).toBeUndefined()
    expect(retryAtMs(spent, credits(11, 0))).toBeUndefined()
    // With what was bought, which is there by then.
    const bought = (balance: BalanceState | undefined) => addGrant(balance ?? empty, { id: 'bought', units: 5 }, NOON).state
    expect(retryAtMs([bought(balanceOf(spent, 'credits'))], credits(105, 100))).toBe(APRIL)
    expect(retryAtMs([bought(balanceOf(spent, 'credits'))], credits(106, 100))).toBeUndefined()
  })

  test.each<[string, number, number, Renewal | undefined, boolean]>([
    ['as much as an allowance', 100, 100, { period: 'month' }, false],
    ['more than an allowance', 181, 100, { period: 'month' }, true],
    ['more than one, and as much as two, of which one may be saved', 200, 100, { period: 'month', carry: 1 }, false],
    ['far more than can be saved', 999, 100, { period: 'month', carry: 1 }, true],
    ['far more than one, and all may be saved', 9_999, 100, { period: 'month', carry: 'forever' }, false],
    ['anything, on a plan that brings nothing', 101, 0, { period: 'month', carry: 'forever' }, true],
    ['more than there is, and nothing renews', 101, 0, undefined, true],
  ])('a call that costs %s', (_, cost, limit, renew, isHopeless) => {
    const record = recordAfter(emptyRecord, credits(20, 100), NOON)
    const take = credits(cost, limit, renew)
    const { refusedBy: reading, retryAtMs } = refused(decide(record, take).decision)
    const retryAfterMs = retryAtMs === undefined ? undefined : retryAtMs - NOON
    const { reason, facts } = kinds.balance.refusalOf({ take, reading, retryAfterMs, isHopeless: false, resource: undefined })
    expect([reason, facts['waitHelps']]).toEqual(['credit.insufficient', isHopeless ? false : undefined])
    expect([facts.resetAtMs, facts.retryAfterMs]).toEqual(cost === 100 ? [APRIL, APRIL - NOON] : [undefined, undefined])
  })

  test('is shown in rate headers and to services with its allowance and the next one', () => {
    const take = credits(30, 100)
    const [reading] = decide(emptyRecord, take).decision.readings
    if (reading === undefined) throw new Error('no reading')
    expect(kinds.balance.shown(take.meter, reading)).toEqual({ limit: { units: 100, scale: 0 }, remaining: { units: 70, scale: 0 }, resetAtMs: APRIL })
    expect(JSON.parse(kinds.balance.usageJson(take.meter, reading))).toEqual({ available: '70', held: '30', scale: 0, allowance: '100', reset: '2026-04-01T00:00:00.000Z' })
  })
})

function refused(decision: StageDecision): Extract<StageDecision, { admitted: false }> {
  if (decision.admitted) throw new Error('it was admitted')
  return decision
}
