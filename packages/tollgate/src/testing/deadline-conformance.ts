/** What every engine of money must do at the deadline of a call, and with what comes after it. */
import { checkLedger } from '../engine/money/ledger-check.ts'
import type { MoneyEngine } from '../engine/money-commands.ts'
import { applyOne } from '../stores/store.ts'
import { assertEqual, assertTrue } from './assert.ts'
import { alive, balance, termsFor, claim, creditOf, HOLD_MS, grant, keyOf, leaseOf, movements, NOON, settle, admit } from './paid-call.ts'
import type { TimedCase } from './store-case.ts'

export const deadlineCases: readonly TimedCase<MoneyEngine>[] = [
  {
    name: 'the deadline releases what was not dispatched, and ends the rest as declared',
    async run(harness) {
      const store = await harness.create()
      await grant(store, 400)
      await admit(store, [creditOf(100)], termsFor('claimed', { onExpiry: 'charge' }))
      await admit(store, [creditOf(100)], termsFor('release'), { dispatch: true })
      await admit(store, [creditOf(100)], termsFor('charge', { onExpiry: 'charge' }), { dispatch: true })
      await admit(store, [creditOf(100)], termsFor('unknown', { onExpiry: 'charge' }), { dispatch: true })
      await settle(store, 'unknown', 'unknown')
      const dueMs = NOON + HOLD_MS
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
      const lateMs = NOON + HOLD_MS + 5
      await grant(store, 100)
      const holds = [{ subject: 'account:a', name: 'credit', scale: 2, units: 60 }]
      for (const id of ['c1', 'c2']) {
        await admit(store, [creditOf(60, 'account:a')], termsFor(id), { dispatch: true, nowMs: id === 'c1' ? NOON : lateMs })
        await applyOne(store.at(lateMs), { kind: 'sweep', limit: 9 })
        assertEqual(await balance(store, lateMs), id === 'c1' ? [100, 0] : [40, 60], 'the first is over, the second holds')
      }
      const late = { call: termsFor('c1'), holds }
      const settled = await settle(store, 'c1', 'done', { chargeUnits: 50, nowMs: lateMs, reason: 'usage', late })
      assertEqual([settled.settled, settled.chargedUnits, settled.shortUnits, settled.call?.state], [true, 40, 10, 'done'], 'what is available, never what another holds')
      const again = await settle(store, 'c1', 'done', { chargeUnits: 50, nowMs: lateMs, reason: 'usage', late })
      assertEqual([again.settled, again.chargedUnits, again.shortUnits], [true, 40, 10], 'the same again')
      await grant(store, 100, { grantId: 'g2', nowMs: lateMs })
      await settle(store, 'c3', 'done', { nowMs: lateMs, reason: 'usage', late: { call: termsFor('c3'), holds } })
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
      const lateMs = NOON + HOLD_MS + 5
      await grant(store, 300)
      const answer = { status: 200, headers: [], body: '{}', encoding: 'utf8' } as const
      const holds = [{ subject: 'account:a', name: 'credit', scale: 2, units: 100 }]
      for (const scope of ['free', 'taken']) {
        await claim(store, termsFor(scope), keyOf(scope))
        await admit(store, [creditOf(100)], termsFor(scope), { dispatch: true })
      }
      assertEqual((await claim(store, termsFor('other'), keyOf('taken'), { nowMs: lateMs })).outcome, 'claimed', 'another has one of the keys')
      const end = (scope: string) => settle(store, scope, 'done', { nowMs: lateMs, answer, late: { call: termsFor(scope), claim: keyOf(scope), holds } })
      assertEqual([(await end('free')).settled, (await end('taken')).settled], [true, false], 'which are charged')
      const replay = await claim(store, termsFor('again'), keyOf('free'), { nowMs: lateMs })
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
        await claim(store, termsFor(id), keyOf(id))
        await admit(store, [creditOf(50), leaseOf('session', 4)], termsFor(id), { dispatch: true })
      }
      const dueMs = NOON + HOLD_MS
      const next = (units: number) => admit(store, [creditOf(units), leaseOf('session', 4)], termsFor('next'), { nowMs: dueMs })
      assertEqual([await balance(store, dueMs), (await next(50)).admitted], [[0, 200], false], 'what other calls hold is held until somebody looks')
      assertEqual((await claim(store, termsFor('c5'), keyOf('c1'), { nowMs: dueMs })).outcome, 'claimed', 'the key of a call that is over is free')
      assertTrue(!(await settle(store, 'c2', 'done', { nowMs: dueMs })).settled, 'who comes too late is told')
      assertEqual([await balance(store, dueMs), await alive(store, 'session', dueMs)], [[100, 100], 2], 'what these two had is there again, and no more')
      assertTrue((await next(100)).admitted, 'it can be taken')
      assertEqual((await applyOne(store.at(dueMs), { kind: 'sweep', limit: 9 })).calls, 2, 'a sweep finds the others')
      assertEqual([await balance(store, dueMs), await alive(store, 'session', dueMs)], [[100, 100], 1], 'what the next holds')
      await store.close()
    },
  },
]
