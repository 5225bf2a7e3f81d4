/** What every engine of money must do with idempotency keys: one run, one charge, one answer. */
import { checkLedger } from '../engine/money/ledger-check.ts'
import type { StoredAnswer } from '../engine/calls/call-record.ts'
import type { MoneyEngine } from '../engine/money-commands.ts'
import { applyOne } from '../stores/store.ts'
import { assertEqual, assertTrue } from './assert.ts'
import { alive, balance, termsFor, claim, creditOf, HOLD_MS, grant, keyOf, leaseOf, movements, NOON, settle, admit } from './paid-call.ts'
import type { TimedCase } from './store-case.ts'

const answer: StoredAnswer = { status: 200, headers: ['content-type', 'application/json'], body: '{"ok":true}', encoding: 'utf8' }
const outcomeOf = (result: { readonly outcome: string }): string => result.outcome

export const keyCases: readonly TimedCase<MoneyEngine>[] = [
  {
    name: 'a key runs once: in progress while it runs, then its answer, and a mismatch for another body',
    async run(harness) {
      const store = await harness.create()
      await grant(store, 100)
      assertEqual(await claim(store, termsFor('c1'), keyOf('k')), { outcome: 'claimed', fence: 1 }, 'the first')
      assertEqual(await claim(store, termsFor('c1'), keyOf('k')), { outcome: 'claimed', fence: 1 }, 'the same call again')
      const second = await claim(store, termsFor('c2'), keyOf('k'))
      assertTrue(second.outcome === 'in_progress' && second.call.id === 'c1' && second.retryAtMs === NOON + HOLD_MS, 'another while it runs')
      assertEqual(outcomeOf(await claim(store, termsFor('c2'), keyOf('k', { fingerprint: 'g' }))), 'mismatch', 'another body while it runs')
      assertEqual(outcomeOf(await claim(store, termsFor('c3'), keyOf('other'))), 'claimed', 'another key')
      await admit(store, [creditOf(10)], termsFor('c1'))
      assertEqual(await applyOne(store.at(NOON), { kind: 'dispatch', callId: 'c1' }), { dispatched: true }, 'dispatch')
      assertEqual(outcomeOf(await claim(store, termsFor('c2'), keyOf('k'))), 'in_progress', 'dispatched')
      await settle(store, 'c1', 'done', { answer })
      const replay = await claim(store, termsFor('c2'), keyOf('k'))
      assertEqual(replay.outcome === 'replay' && [replay.answer, replay.call.id, replay.call.chargedUnits], [answer, 'c1', 10], 'the replay')
      assertEqual(outcomeOf(await claim(store, termsFor('c2'), keyOf('k', { fingerprint: 'g' }))), 'mismatch', 'another body afterwards')
      assertEqual(await balance(store), [90, 0], 'charged once')
      await store.close()
    },
  },
  {
    name: 'of many claims of one key at once exactly one runs',
    async run(harness) {
      const store = await harness.create()
      const claims = await Promise.all(Array.from({ length: 100 }, (_, at) => claim(store, termsFor(`c${at}`), keyOf('k'))))
      assertEqual(claims.map(outcomeOf).toSorted(), ['claimed', ...Array.from({ length: 99 }, () => 'in_progress')], 'the outcomes')
      await store.close()
    },
  },
  {
    name: 'an answer that comes after the charge is kept for the key, once, and charges nothing',
    async run(harness) {
      const store = await harness.create()
      await grant(store, 100)
      for (const outcome of ['done', 'unknown'] as const) {
        await claim(store, termsFor(outcome), keyOf(outcome))
        await admit(store, [creditOf(10)], termsFor(outcome), { dispatch: true })
        await settle(store, outcome, 'done', { chargeUnits: 4 })
        await settle(store, outcome, outcome, { answer })
        await settle(store, outcome, outcome, { answer: { ...answer, status: 500 } })
        const replay = await claim(store, termsFor('another'), keyOf(outcome))
        assertEqual(replay.outcome === 'replay' && [replay.answer, replay.call.chargedUnits], [answer, 4], `the replay after ${outcome}`)
      }
      assertEqual(await balance(store), [92, 0], 'the balance')
      await store.close()
    },
  },
  {
    name: 'a released key is free at once, and nothing is left of the call',
    async run(harness) {
      const store = await harness.create()
      await grant(store, 100)
      await claim(store, termsFor('c1'), keyOf('k'))
      await admit(store, [creditOf(10), leaseOf('session', 1)], termsFor('c1'), { dispatch: true })
      assertEqual(await settle(store, 'c1', 'released'), { settled: true, chargedUnits: 0, shortUnits: 0, call: undefined }, 'the release')
      assertEqual(await store.call('c1'), undefined, 'the record')
      assertEqual(await claim(store, termsFor('c2'), keyOf('k')), { outcome: 'claimed', fence: 1 }, 'the next')
      assertTrue((await admit(store, [creditOf(100), leaseOf('session', 1)], termsFor('c2'))).admitted, 'it has all there was')
      await store.close()
    },
  },
  {
    name: 'a release that is remembered is as true when it is asked again, also from the disk; its key is free at once, and after a day it is forgotten',
    async run(harness) {
      const store = await harness.create()
      await grant(store, 100)
      await claim(store, termsFor('c1'), keyOf('k'))
      await admit(store, [creditOf(10), leaseOf('session', 1)], termsFor('c1'), { dispatch: true })
      assertEqual((await settle(store, 'c1', 'released', { remembered: true })).settled, true, 'the release')
      assertEqual(await claim(store, termsFor('c2'), keyOf('k')), { outcome: 'claimed', fence: 1 }, 'the next')
      assertTrue((await admit(store, [creditOf(100), leaseOf('session', 1)], termsFor('c2'), { dispatch: true })).admitted, 'it has all there was')
      assertEqual((await settle(store, 'c1', 'released', { remembered: true })).settled, true, 'again')
      assertEqual((await settle(store, 'c1', 'done', { chargeUnits: 0 })).settled, false, 'a charge afterwards')
      assertEqual((await settle(store, 'c2', 'done')).chargedUnits, 100, 'the next is charged')
      await store.close()
      if (harness.reopen === undefined) return
      const again = await harness.reopen(store)
      assertEqual((await settle(again, 'c1', 'released', { remembered: true })).settled, true, 'after a restart')
      await applyOne(again.at(NOON + 90_000_000), { kind: 'sweep', limit: 9 })
      assertEqual(await again.call('c1'), undefined, 'a day later')
      await again.close()
    },
  },
  {
    name: 'a redispatch goes on under the first hold, and the first run can end nothing any more',
    async run(harness) {
      const store = await harness.create()
      await grant(store, 100)
      const stage = [creditOf(70), leaseOf('session', 1)]
      await claim(store, termsFor('c1'), keyOf('k'))
      await admit(store, stage, termsFor('c1'), { dispatch: true })
      await settle(store, 'c1', 'unknown')
      assertEqual(await claim(store, termsFor('c2'), keyOf('k'), { redispatch: true }), { outcome: 'claimed', fence: 2 }, 'the take-over')
      assertTrue((await admit(store, stage, termsFor('c2'), { dispatch: true })).admitted, 'what it takes it has')
      assertEqual(await balance(store), [30, 70], 'held once')
      assertEqual([(await settle(store, 'c1', 'done')).settled, (await settle(store, 'c2', 'done', { fence: 1 })).settled], [false, false], 'the first run')
      assertEqual((await settle(store, 'c2', 'done', { fence: 2, answer })).chargedUnits, 70, 'the second')
      assertEqual(outcomeOf(await claim(store, termsFor('c3'), keyOf('k'))), 'replay', 'its answer')
      assertEqual((await movements(store)).slice(1), ['hold 70 (30+70) request', 'release 70 (100+0) redispatch', 'hold 70 (30+70) redispatch', 'settle 70 (30+0) test'], 'the ledger')
      await store.close()
    },
  },
  {
    name: 'a redispatch that costs more holds what is missing, and is settled once',
    async run(harness) {
      const store = await harness.create()
      await grant(store, 100)
      await claim(store, termsFor('c1'), keyOf('k'))
      await admit(store, [creditOf(30)], termsFor('c1'), { dispatch: true })
      await settle(store, 'c1', 'unknown')
      await claim(store, termsFor('c2'), keyOf('k'), { redispatch: true })
      await admit(store, [creditOf(80)], termsFor('c2'), { dispatch: true })
      assertEqual(await balance(store), [20, 80], 'held')
      assertEqual((await settle(store, 'c2', 'done', { chargeUnits: 50 })).chargedUnits, 50, 'the charge')
      assertEqual((await movements(store)).slice(-2), ['settle 50 (20+30) test', 'release 30 (50+0) test'], 'one row for each')
      assertEqual(checkLedger(await store.ledger({ limit: 99 }), await store.calls({ limit: 99 })), [], 'the ledger adds up')
      await store.close()
    },
  },
  {
    name: 'a redispatch gives back what the new call took before it came to its key, and is paid once',
    async run(harness) {
      const store = await harness.create()
      await grant(store, 100)
      const stage = [creditOf(30), leaseOf('session', 9)]
      await claim(store, termsFor('c1'), keyOf('k'))
      await admit(store, stage, termsFor('c1'), { dispatch: true })
      await settle(store, 'c1', 'unknown')
      await admit(store, stage, termsFor('c2'))
      assertEqual([await balance(store), await alive(store, 'session')], [[40, 60], 2], 'taken twice')
      assertEqual(await claim(store, termsFor('c2'), keyOf('k'), { redispatch: true }), { outcome: 'claimed', fence: 2 }, 'the take-over')
      assertEqual([await balance(store), await alive(store, 'session')], [[70, 30], 1], 'held once')
      await applyOne(store.at(NOON), { kind: 'dispatch', callId: 'c2' })
      assertEqual((await settle(store, 'c2', 'done')).chargedUnits, 30, 'the charge')
      assertEqual([await balance(store), checkLedger(await store.ledger({ limit: 99 }), await store.calls({ limit: 99 }))], [[70, 0], []], 'the ledger adds up')
      await store.close()
    },
  },
  {
    name: 'a call has one key: it takes over no call of another one',
    async run(harness) {
      const store = await harness.create()
      await grant(store, 100)
      for (const id of ['c1', 'c2']) {
        await claim(store, termsFor(id), keyOf(id))
        await admit(store, [creditOf(30)], termsFor(id), { dispatch: true })
        await settle(store, id, 'unknown')
      }
      await claim(store, termsFor('c3'), keyOf('c1'), { redispatch: true })
      const second = await Promise.allSettled([claim(store, termsFor('c3'), keyOf('c2'), { redispatch: true })])
      assertEqual(second.map(({ status }) => status), ['rejected'], 'the second key')
      assertEqual([await balance(store), (await store.call('c2'))?.state], [[40, 60], 'unknown'], 'both holds stand')
      assertEqual(checkLedger(await store.ledger({ limit: 99 }), await store.calls({ limit: 99 })), [], 'the ledger adds up')
      await store.close()
    },
  },
  {
    name: 'a redispatch by another key of the account, with a balance of its own, is not paid twice',
    async run(harness) {
      const store = await harness.create()
      for (const subject of ['key:1', 'key:2']) await grant(store, 100, { subject, grantId: subject })
      await claim(store, termsFor('c1', { keyId: '1' }), keyOf('k'))
      await admit(store, [creditOf(70, 'key:1')], termsFor('c1', { keyId: '1' }), { dispatch: true })
      await settle(store, 'c1', 'unknown')
      await claim(store, termsFor('c2', { keyId: '2' }), keyOf('k'), { redispatch: true })
      await admit(store, [creditOf(70, 'key:2')], termsFor('c2', { keyId: '2' }), { dispatch: true })
      assertEqual((await settle(store, 'c2', 'done')).chargedUnits, 70, 'the charge')
      assertEqual([await balance(store, NOON, 'key:1'), await balance(store, NOON, 'key:2')], [[30, 0], [100, 0]], 'who paid')
      await store.close()
    },
  },
  {
    name: 'a redispatch has what the first run bound: at a full limit it is admitted, and binds the same id again but no other',
    async run(harness) {
      const store = await harness.create()
      const stage = [leaseOf('session', 1)]
      const bind = async (callId: string, id: string) => (await applyOne(store.at(NOON), { kind: 'bind-lease', callId, api: 'ads', id })).bound
      await claim(store, termsFor('c1'), keyOf('k'))
      await admit(store, stage, termsFor('c1'), { dispatch: true })
      assertTrue(await bind('c1', 'ses_1'), 'the first run')
      await settle(store, 'c1', 'unknown')
      await claim(store, termsFor('c2'), keyOf('k'), { redispatch: true })
      assertTrue((await admit(store, stage, termsFor('c2'), { dispatch: true })).admitted, 'it has its session')
      assertEqual([await alive(store, 'session'), await bind('c2', 'ses_1'), await bind('c2', 'ses_2')], [1, true, false], 'one session, under its id')
      await store.close()
    },
  },
  {
    name: 'a redispatch that is refused before it goes out leaves the outcome as unknown as it was',
    async run(harness) {
      const store = await harness.create()
      await grant(store, 100)
      await claim(store, termsFor('c1'), keyOf('k'))
      await admit(store, [creditOf(70)], termsFor('c1'), { dispatch: true })
      await settle(store, 'c1', 'unknown', { answer })
      await claim(store, termsFor('c2'), keyOf('k'), { redispatch: true })
      assertEqual((await settle(store, 'c2', 'released')).call?.state, 'unknown', 'the release')
      assertEqual([await balance(store), outcomeOf(await claim(store, termsFor('c3'), keyOf('k')))], [[30, 70], 'unknown'], 'the hold and the key stand')
      await store.close()
    },
  },
  {
    name: 'a key charged at its deadline is charged once and runs no more, with the failure as its answer if there is one',
    async run(harness) {
      const store = await harness.create()
      await grant(store, 100)
      for (const [id, failure] of [['c1', answer], ['c2', undefined]] as const) {
        await claim(store, termsFor(id, { onExpiry: 'charge' }), keyOf(id))
        await admit(store, [creditOf(10)], termsFor(id, { onExpiry: 'charge' }), { dispatch: true })
        await settle(store, id, 'unknown', failure && { answer: failure })
      }
      const nowMs = NOON + HOLD_MS
      const later = termsFor('c3', { holdMs: 1 })
      assertEqual(outcomeOf(await claim(store, later, keyOf('c1'), { nowMs, redispatch: true })), 'replay', 'with the failure')
      const without = await claim(store, later, keyOf('c2'), { nowMs, redispatch: true })
      assertEqual(without.outcome === 'unknown' && without.call.state, 'done', 'without an answer')
      assertEqual(await balance(store, nowMs), [80, 0], 'charged once each')
      await store.close()
    },
  },
  {
    name: 'an answer is kept as long as promised, then the key is free and a sweep forgets it',
    async run(harness) {
      const store = await harness.create()
      for (const id of ['c1', 'c2']) {
        await claim(store, termsFor(id), keyOf(id, { keptMs: 5_000 }))
        await applyOne(store.at(NOON), { kind: 'dispatch', callId: id })
        await settle(store, id, 'done', { answer })
      }
      assertEqual(outcomeOf(await claim(store, termsFor('c3'), keyOf('c1'), { nowMs: NOON + 4_999 })), 'replay', 'a moment before')
      assertEqual(outcomeOf(await claim(store, termsFor('c3'), keyOf('c1'), { nowMs: NOON + 5_000 })), 'claimed', 'then')
      await applyOne(store.at(NOON + 5_000), { kind: 'sweep', limit: 10 })
      assertEqual([await store.call('c1'), await store.call('c2'), (await store.call('c3'))?.state], [undefined, undefined, 'claimed'], 'the calls')
      await store.close()
    },
  },
]
