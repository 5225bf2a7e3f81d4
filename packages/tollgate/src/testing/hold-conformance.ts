/** What every engine of money must do with what a call holds, until it is settled. */
import { checkLedger } from '../engine/money/ledger-check.ts'
import type { Take } from '../engine/meters/meter.ts'
import type { MoneyEngine } from '../engine/money-commands.ts'
import { applyOne } from '../stores/store.ts'
import { assertEqual, assertRejects, assertTrue } from './assert.ts'
import { balance, termsFor, creditOf, HOLD_MS, grant, leaseOf, movements, NOON, settle, admit, usedOf } from './paid-call.ts'
import type { TimedCase } from './store-case.ts'

const MINUTE: Take = { subject: 'account:a', name: 'burst', meter: { kind: 'window', windowMs: 60_000 }, limit: 100, cost: 1 }
const ATTEMPTS: Take = { subject: 'account:a', name: 'daily', meter: { kind: 'quota', period: 'day', counts: 'attempts' }, limit: 100, cost: 1 }

export const holdCases: readonly TimedCase<MoneyEngine>[] = [
  {
    name: 'a hold is charged in part and the rest released, with a ledger row for each movement',
    async run(harness) {
      const store = await harness.create()
      await grant(store, 500)
      const held = await admit(store, [MINUTE, creditOf(120)], termsFor('c1', { keyId: 'k1' }), { dispatch: true })
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
    name: 'what a call took of a balance in several stages is settled once, in time or late, and the ledger adds up',
    async run(harness) {
      const store = await harness.create()
      await grant(store, 500)
      for (const [id, chargeUnits] of [['c1', 70], ['c2', 20], ['late', 90]] as const) {
        for (const cost of [30, 60]) await admit(store, [creditOf(cost)], termsFor(id), { dispatch: cost === 60 })
        if (id !== 'late') assertEqual((await settle(store, id, 'done', { chargeUnits })).chargedUnits, chargeUnits, id)
      }
      const lateMs = NOON + HOLD_MS
      await applyOne(store.at(lateMs), { kind: 'sweep', limit: 9 })
      const holds = [30, 60].map((units) => ({ subject: 'account:a', name: 'credit', scale: 2, units }))
      assertEqual((await settle(store, 'late', 'done', { nowMs: lateMs, late: { call: termsFor('late'), holds } })).chargedUnits, 90, 'late')
      assertEqual(await balance(store, lateMs), [320, 0], 'the balance')
      assertEqual((await movements(store)).filter((line) => line.startsWith('settle')), ['settle 70 (410+20) test', 'settle 20 (340+70) test', 'settle 90 (320+0) late: test'], 'a row for each')
      assertEqual(checkLedger(await store.ledger({ limit: 99 }), await store.calls({ limit: 99 })), [], 'it adds up')
      await store.close()
    },
  },
  {
    name: 'a charge beyond the hold is cut to it and said, and a charge without amount takes all',
    async run(harness) {
      const store = await harness.create()
      await grant(store, 500)
      for (const id of ['c1', 'c2', 'c3']) await admit(store, [creditOf(100)], termsFor(id), { dispatch: true })
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
      const refused = await admit(store, stage, termsFor('c1'), { dispatch: true })
      assertTrue(!refused.admitted && refused.refusedBy.name === 'credit' && refused.refusedBy.remaining === 99 && refused.retryAtMs === undefined, 'refused by the balance')
      assertEqual(await usedOf(store, stage), [0, 1, 0, 0, 0, 0], 'what is counted')
      assertEqual([await store.call('c1'), await movements(store)], [undefined, ['grant 99 (99+0) recharge']], 'no call and no movement')
      assertTrue((await admit(store, stage.map((each) => (each.name === 'credit' ? creditOf(99) : each)), termsFor('c1'))).admitted, 'for what is there')
      await store.close()
    },
  },
  {
    name: 'of 1,000 concurrent holds of 0.10 on 5.00 exactly 50 are admitted',
    async run(harness) {
      const store = await harness.create()
      await grant(store, 500)
      const decisions = await Promise.all(Array.from({ length: 1_000 }, (_, at) => admit(store, [MINUTE, creditOf(10)].slice(1), termsFor(`c${at}`), { dispatch: true })))
      assertEqual(decisions.filter(({ admitted }) => admitted).length, 50, 'admitted')
      assertEqual(await balance(store), [0, 500], 'the balance')
      const settlements = await Promise.all(decisions.map((decision, at) => settle(store, `c${at}`, at % 2 === 0 ? 'done' : 'released').then(({ settled }) => settled === decision.admitted)))
      assertTrue(settlements.every(Boolean), 'those that hold are settled, and no other')
      assertEqual((await balance(store))[1], 0, 'nothing is held')
      await store.close()
    },
  },
  {
    name: 'the same settlement again has the effect of one, and another after it is void',
    async run(harness) {
      const store = await harness.create()
      await grant(store, 100)
      await admit(store, [creditOf(50)], termsFor('c1'), { dispatch: true })
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
      for (const id of ['c1', 'c2', 'c3']) await admit(store, [creditOf(100)], termsFor(id), { dispatch: true })
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
      await assertRejects(admit(store, [creditOf(1)], termsFor('short', { holdMs: 0 })), 'a hold of no time')
      await admit(store, [creditOf(10)], termsFor('c1'), { dispatch: true })
      await assertRejects(settle(store, 'c1', 'done', { chargeUnits: -1 }), 'a negative charge')
      await assertRejects(admit(store, [creditOf(1)], termsFor('c1')), 'more for a call that was dispatched')
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
      await admit(store, [creditOf(40)], termsFor('c1'), { dispatch: true })
      await admit(store, [creditOf(30)], termsFor('c2', { holdMs: 100_000 }))
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
