/** What every engine of money must do with what a call holds, until it is settled or its deadline comes. */
import { checkLedger } from '../engine/money/ledger-check.ts'
import type { Take } from '../engine/meters/meter.ts'
import type { Money } from '../engine/money-commands.ts'
import { applyOne } from '../stores/store.ts'
import { assertEqual, assertRejects, assertTrue } from './assert.ts'
import { alive, balance, callOf, claim, creditOf, DEADLINE_MS, grant, keyOf, leaseOf, movements, NOON, settle, take, usedOf } from './paid-call.ts'
import type { TimedCase } from './store-case.ts'

const MINUTE: Take = { subject: 'account:a', name: 'burst', meter: { kind: 'window', windowMs: 60_000 }, limit: 100, cost: 1 }
const ATTEMPTS: Take = { subject: 'account:a', name: 'daily', meter: { kind: 'quota', period: 'day', counts: 'attempts' }, limit: 100, cost: 1 }

export const holdCases: readonly TimedCase<Money>[] = [
  {
    name: 'a hold is charged in part and the rest released, with a ledger row for each movement',
    async run(harness) {
      const store = await harness.create()
      await grant(store, 500)
      const held = await take(store, [MINUTE, creditOf(120)], callOf('c1', { keyId: 'k1' }), { dispatch: true })
      assertEqual(held.readings.map(({ used, remaining }) => [used, remaining]), [[1, 99], [120, 380]], 'the readings')
      const settled = await settle(store, 'c1', 'done', { chargeUnits: 70, nowMs: NOON + 5 })
      assertEqual([settled.settled, settled.chargedUnits, settled.shortUnits, settled.call?.state, settled.call?.holds], [true, 70, 0, 'done', []], 'the settlement')
      assertEqual(await balance(store), [430, 0], 'the balance')
      const rows = await store.ledger({ callId: 'c1', limit: 10 })
      const row = { subject: 'account:a', name: 'credit', scale: 2, callId: 'c1', keyId: 'k1' }
      assertEqual(rows, [
        { ...row, number: 2, cursor: rows[0]?.cursor, kind: 'hold', units: 120, availableUnits: 380, heldUnits: 120, atMs: NOON, reason: 'request' },
        { ...row, number: 3, cursor: rows[1]?.cursor, kind: 'settle', units: 70, availableUnits: 380, heldUnits: 50, atMs: NOON + 5, reason: 'test' },
        { ...row, number: 4, cursor: rows[2]?.cursor, kind: 'release', units: 50, availableUnits: 430, heldUnits: 0, atMs: NOON + 5, reason: 'test' },
      ], 'the rows of the call')
      assertEqual((await store.ledger({ subject: 'account:a', after: rows[0]?.cursor ?? 0, limit: 1 })).map(({ number }) => number), [3], 'a page')
      assertEqual((await store.ledger({ subject: 'account:b', limit: 9 })).length, 0, "another subject's rows")
      await store.close()
    },
  },
  {
    name: 'a charge beyond the hold is cut to it and said, and a charge without amount takes all',
    async run(harness) {
      const store = await harness.create()
      await grant(store, 500)
      for (const id of ['c1', 'c2', 'c3']) await take(store, [creditOf(100)], callOf(id), { dispatch: true })
      const over = await settle(store, 'c1', 'done', { chargeUnits: 130 })
      assertEqual([over.chargedUnits, over.shortUnits], [100, 30], 'more than is held')
      assertEqual((await settle(store, 'c2', 'done')).chargedUnits, 100, 'no amount')
      assertEqual((await settle(store, 'c3', 'done', { chargeUnits: 0 })).chargedUnits, 0, 'nothing')
      assertEqual(await balance(store), [300, 0], 'the balance')
      await store.close()
    },
  },
  {
    name: 'a refused stage holds nothing, counts nothing and takes nothing alive, but attempts count',
    async run(harness) {
      const store = await harness.create()
      await grant(store, 99)
      const stage = [MINUTE, ATTEMPTS, leaseOf('slot', 9), leaseOf('session', 9), leaseOf('stock', 9, 2), creditOf(100)]
      const refused = await take(store, stage, callOf('c1'), { dispatch: true })
      assertTrue(!refused.admitted && refused.refusedBy.name === 'credit' && refused.refusedBy.remaining === 99 && refused.retryAtMs === undefined, 'refused by the balance')
      assertEqual(await usedOf(store, stage), [0, 1, 0, 0, 0, 0], 'what is counted')
      assertEqual([await store.call('c1'), await movements(store)], [undefined, ['grant 99 (99+0) recharge']], 'no call and no movement')
      assertTrue((await take(store, stage.map((each) => (each.name === 'credit' ? creditOf(99) : each)), callOf('c1'))).admitted, 'for what is there')
      await store.close()
    },
  },
  {
    name: 'of 1,000 concurrent holds of 0.10 on 5.00 exactly 50 are admitted',
    async run(harness) {
      const store = await harness.create()
      await grant(store, 500)
      const decisions = await Promise.all(Array.from({ length: 1_000 }, (_, at) => take(store, [MINUTE, creditOf(10)].slice(1), callOf(`c${at}`), { dispatch: true })))
      assertEqual(decisions.filter(({ admitted }) => admitted).length, 50, 'admitted')
      assertEqual(await balance(store), [0, 500], 'the balance')
      const settlements = await Promise.all(decisions.map((decision, at) => settle(store, `c${at}`, at % 2 === 0 ? 'done' : 'released').then(({ settled }) => settled === decision.admitted)))
      assertTrue(settlements.every(Boolean), 'those that hold are settled, and no other')
      assertEqual((await balance(store))[1], 0, 'nothing is held')
      await store.close()
    },
  },
  {
    name: 'the deadline releases what was not dispatched, and ends the rest as declared',
    async run(harness) {
      const store = await harness.create()
      await grant(store, 400)
      await take(store, [creditOf(100)], callOf('claimed', { onExpiry: 'charge' }))
      await take(store, [creditOf(100)], callOf('release'), { dispatch: true })
      await take(store, [creditOf(100)], callOf('charge', { onExpiry: 'charge' }), { dispatch: true })
      await take(store, [creditOf(100)], callOf('unknown', { onExpiry: 'charge' }), { dispatch: true })
      await settle(store, 'unknown', 'unknown')
      const dueMs = NOON + DEADLINE_MS
      assertEqual(await applyOne(store.at(dueMs - 1), { kind: 'sweep', limit: 10 }), { calls: 0, leases: 0, grants: 0, nextDueMs: dueMs }, 'a moment before')
      assertEqual(await balance(store, dueMs - 1), [0, 400], 'all is held')
      assertEqual(await applyOne(store.at(dueMs), { kind: 'sweep', limit: 10 }), { calls: 4, leases: 0, grants: 0 }, 'at the deadline')
      assertEqual(await balance(store, dueMs), [200, 0], 'two are charged')
      assertEqual([(await store.call('claimed'))?.state, (await store.call('release'))?.state, (await store.call('charge'))?.state, (await store.call('unknown'))?.state], [undefined, undefined, 'done', 'done'], 'the calls')
      for (const id of ['claimed', 'release', 'charge', 'unknown']) assertTrue(!(await settle(store, id, 'done', { nowMs: dueMs })).settled, `a late settlement of ${id} is void`)
      assertEqual(await balance(store, dueMs), [200, 0], 'and changes nothing')
      await store.close()
    },
  },
  {
    name: 'what a deadline gave back is charged late where that is asked for: what is available of it, once, and the ledger adds up',
    async run(harness) {
      const store = await harness.create()
      const lateMs = NOON + DEADLINE_MS + 5
      await grant(store, 100)
      const holds = [{ subject: 'account:a', name: 'credit', scale: 2, units: 60 }]
      for (const id of ['c1', 'c2']) {
        await take(store, [creditOf(60, 'account:a')], callOf(id), { dispatch: true, nowMs: id === 'c1' ? NOON : lateMs })
        await applyOne(store.at(lateMs), { kind: 'sweep', limit: 9 })
        assertEqual(await balance(store, lateMs), id === 'c1' ? [100, 0] : [40, 60], 'the first is over, the second holds')
      }
      const late = { call: callOf('c1'), holds }
      const settled = await settle(store, 'c1', 'done', { chargeUnits: 50, nowMs: lateMs, reason: 'usage', late })
      assertEqual([settled.settled, settled.chargedUnits, settled.shortUnits, settled.call?.state], [true, 40, 10, 'done'], 'what is available, never what another holds')
      const again = await settle(store, 'c1', 'done', { chargeUnits: 50, nowMs: lateMs, reason: 'usage', late })
      assertEqual([again.settled, again.chargedUnits, again.shortUnits], [true, 40, 10], 'the same again')
      await grant(store, 100, { grantId: 'g2', nowMs: lateMs })
      await settle(store, 'c3', 'done', { nowMs: lateMs, reason: 'usage', late: { call: callOf('c3'), holds } })
      assertTrue((await settle(store, 'c2', 'done', { nowMs: lateMs })).settled, 'the second is charged as ever')
      assertEqual(await movements(store), [
        'grant 100 (100+0) recharge', 'hold 60 (40+60) request', 'release 60 (100+0) deadline', 'hold 60 (40+60) request', 'hold 40 (0+100) late: usage', 'settle 40 (0+60) late: usage',
        'grant 100 (100+60) recharge', 'hold 60 (40+120) late: usage', 'settle 60 (40+60) late: usage', 'settle 60 (40+0) test',
      ], 'the ledger')
      assertEqual(checkLedger(await store.ledger({ limit: 99 }), await store.calls({ limit: 99 })), [], 'it adds up')
      await store.close()
    },
  },
  {
    name: 'a late charge binds the key again, and is void where another call has it by now',
    async run(harness) {
      const store = await harness.create()
      const lateMs = NOON + DEADLINE_MS + 5
      await grant(store, 300)
      const answer = { status: 200, headers: [], body: '{}', encoding: 'utf8' } as const
      const holds = [{ subject: 'account:a', name: 'credit', scale: 2, units: 100 }]
      for (const scope of ['free', 'taken']) {
        await claim(store, callOf(scope), keyOf(scope))
        await take(store, [creditOf(100)], callOf(scope), { dispatch: true })
      }
      assertEqual((await claim(store, callOf('other'), keyOf('taken'), { nowMs: lateMs })).outcome, 'claimed', 'another has one of the keys')
      const end = (scope: string) => settle(store, scope, 'done', { nowMs: lateMs, answer, late: { call: callOf(scope), claim: keyOf(scope), holds } })
      assertEqual([(await end('free')).settled, (await end('taken')).settled], [true, false], 'which are charged')
      const replay = await claim(store, callOf('again'), keyOf('free'), { nowMs: lateMs })
      assertEqual(replay.outcome === 'replay' && replay.answer, answer, 'the answer stays with its key')
      assertEqual(await balance(store, lateMs), [200, 0], 'the balance')
      assertEqual(checkLedger(await store.ledger({ limit: 99 }), await store.calls({ limit: 99 })), [], 'the ledger adds up')
      await store.close()
    },
  },
  {
    name: 'a deadline acts at once on what a command is about, and on all else with the next sweep',
    async run(harness) {
      const store = await harness.create()
      await grant(store, 200)
      for (const id of ['c1', 'c2', 'c3', 'c4']) {
        await claim(store, callOf(id), keyOf(id))
        await take(store, [creditOf(50), leaseOf('session', 4)], callOf(id), { dispatch: true })
      }
      const dueMs = NOON + DEADLINE_MS
      const next = (units: number) => take(store, [creditOf(units), leaseOf('session', 4)], callOf('next'), { nowMs: dueMs })
      assertEqual([await balance(store, dueMs), (await next(50)).admitted], [[0, 200], false], 'what other calls hold is held until somebody looks')
      assertEqual((await claim(store, callOf('c5'), keyOf('c1'), { nowMs: dueMs })).outcome, 'claimed', 'the key of a call that is over is free')
      assertTrue(!(await settle(store, 'c2', 'done', { nowMs: dueMs })).settled, 'who comes too late is told')
      assertEqual([await balance(store, dueMs), await alive(store, 'session', dueMs)], [[100, 100], 2], 'what these two had is there again, and no more')
      assertTrue((await next(100)).admitted, 'it can be taken')
      assertEqual((await applyOne(store.at(dueMs), { kind: 'sweep', limit: 9 })).calls, 2, 'a sweep finds the others')
      assertEqual([await balance(store, dueMs), await alive(store, 'session', dueMs)], [[100, 100], 1], 'what the next holds')
      await store.close()
    },
  },
  {
    name: 'the same settlement again has the effect of one, and another after it is void',
    async run(harness) {
      const store = await harness.create()
      await grant(store, 100)
      await take(store, [creditOf(50)], callOf('c1'), { dispatch: true })
      const twice = [await settle(store, 'c1', 'done', { chargeUnits: 30 }), await settle(store, 'c1', 'done', { chargeUnits: 30 })]
      assertEqual(twice.map(({ settled, chargedUnits, shortUnits }) => [settled, chargedUnits, shortUnits]), [[true, 30, 0], [true, 30, 0]], 'twice')
      assertEqual((await settle(store, 'c1', 'released')).settled, false, 'a release afterwards')
      assertEqual((await settle(store, 'nobody', 'done')).settled, false, 'a call that never was')
      assertEqual(await balance(store), [70, 0], 'the balance')
      await store.close()
    },
  },
  {
    name: 'what an operator settled by hand nobody settles again, and what is settled no operator settles',
    async run(harness) {
      const store = await harness.create()
      await grant(store, 500)
      for (const id of ['c1', 'c2', 'c3']) await take(store, [creditOf(100)], callOf(id), { dispatch: true })
      const byHand = await settle(store, 'c1', 'done', { chargeUnits: 60, by: 'operator' })
      assertEqual([byHand.settled, byHand.chargedUnits, byHand.call?.ended?.by], [true, 60, 'operator'], 'by hand')
      for (const chargeUnits of [60, 100, 10, undefined]) {
        const late = await settle(store, 'c1', 'done', chargeUnits === undefined ? {} : { chargeUnits })
        assertEqual([late.settled, late.chargedUnits], [false, 60], 'by the service afterwards')
      }
      assertEqual((await settle(store, 'c1', 'done', { chargeUnits: 60, by: 'operator' })).settled, true, 'by the operator again')
      await settle(store, 'c2', 'done', { chargeUnits: 10 })
      assertEqual((await settle(store, 'c2', 'done', { chargeUnits: 60, by: 'operator' })).settled, false, 'by an operator afterwards')
      await settle(store, 'c3', 'released', { by: 'operator' })
      assertEqual((await settle(store, 'c3', 'done', { chargeUnits: 10 })).settled, false, 'after a release by hand')
      assertEqual(await balance(store), [430, 0], 'the balance')
      await store.close()
    },
  },
  {
    name: 'money without a holder, amounts that are none and other scales are refused with an error',
    async run(harness) {
      const store = await harness.create()
      await grant(store, 100)
      await assertRejects(applyOne(store.at(NOON), { kind: 'admit', takes: [creditOf(1)] }), 'no call')
      for (const units of [0, -1, 0.5, Number.NaN, 2 ** 53]) await assertRejects(grant(store, units, { grantId: `g${units}` }), `a grant of ${units}`)
      await assertRejects(grant(store, Number.MAX_SAFE_INTEGER, { grantId: 'all' }), 'a sum that is no safe integer')
      await assertRejects(applyOne(store.at(NOON), { kind: 'grant', subject: 'account:a', name: 'credit', scale: 3, grantId: 'x', units: 1, reason: '' }), 'another scale')
      await assertRejects(take(store, [creditOf(1)], callOf('short', { holdMs: 0 })), 'a hold of no time')
      await take(store, [creditOf(10)], callOf('c1'), { dispatch: true })
      await assertRejects(settle(store, 'c1', 'done', { chargeUnits: -1 }), 'a negative charge')
      await assertRejects(take(store, [creditOf(1)], callOf('c1')), 'more for a call that was dispatched')
      await assertRejects(store.at(NOON).apply([{ kind: 'settle', callId: 'c1', outcome: 'done', reason: '' }, { kind: 'grant', subject: 'account:a', name: 'credit', scale: 3, grantId: 'x', units: 1, reason: '' }]), 'a batch with one that cannot be')
      assertEqual([await balance(store), (await movements(store)).length], [[90, 10], 2], 'nothing moved')
      await store.close()
    },
  },
  {
    name: 'money, calls and the ledger are there again after the store was closed',
    async run(harness) {
      if (harness.reopen === undefined) return
      const store = await harness.create()
      await grant(store, 100, { expiresAtMs: NOON + 500_000 })
      await take(store, [creditOf(40)], callOf('c1'), { dispatch: true })
      await take(store, [creditOf(30)], callOf('c2', { holdMs: 100_000 }))
      const [call, rows] = [await store.call('c1'), await store.ledger({ limit: 10 })]
      await store.close()
      const again = await harness.reopen(store)
      assertEqual([await again.call('c1'), await again.ledger({ limit: 10 }), await balance(again)], [call, rows, [30, 70]], 'all of it')
      assertEqual((await settle(again, 'c1', 'done')).chargedUnits, 40, 'the settlement')
      assertTrue(!(await grant(again, 100)).granted, 'the grant is known')
      assertEqual(await applyOne(again.at(NOON + 100_000), { kind: 'sweep', limit: 9 }), { calls: 1, leases: 0, grants: 0, nextDueMs: NOON + 500_000 }, 'a deadline')
      assertEqual(await applyOne(again.at(NOON + 500_000), { kind: 'sweep', limit: 9 }), { calls: 0, leases: 0, grants: 1 }, 'an expiry')
      assertEqual((await again.ledger({ limit: 100 })).map(({ number }) => number), [1, 2, 3, 4, 5, 6], 'numbers without a gap')
      await again.close()
    },
  },
]
