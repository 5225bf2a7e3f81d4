/** What every store must do with idempotency keys. */
import type { StoredAnswer } from '../engine/calls/call-record.ts'
import { applyOne } from '../stores/store.ts'
import { assertEqual, assertRejects, assertTrue } from './assert.ts'
import { alive, balance, callOf, claim, creditOf, DEADLINE_MS, extend, grant, keyOf, leaseOf, movements, NOON, settle, take } from './paid-call.ts'
import type { TimedCase } from './store-case.ts'

const answer: StoredAnswer = { status: 200, headers: ['content-type', 'application/json'], body: '{"ok":true}', encoding: 'utf8' }
const outcomeOf = (result: { readonly outcome: string }): string => result.outcome

export const callConformanceCases: readonly TimedCase[] = [
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
    name: 'a key runs once: in progress while it runs, then its answer, and a mismatch for another body',
    async run(harness) {
      const store = await harness.create()
      await grant(store, 100)
      assertEqual(await claim(store, callOf('c1'), keyOf('k')), { outcome: 'claimed', fence: 1 }, 'the first')
      assertEqual(await claim(store, callOf('c1'), keyOf('k')), { outcome: 'claimed', fence: 1 }, 'the same call again')
      const second = await claim(store, callOf('c2'), keyOf('k'))
      assertTrue(second.outcome === 'in_progress' && second.call.id === 'c1' && second.retryAtMs === NOON + DEADLINE_MS, 'another while it runs')
      assertEqual(outcomeOf(await claim(store, callOf('c2'), keyOf('k', { fingerprint: 'g' }))), 'mismatch', 'another body while it runs')
      assertEqual(outcomeOf(await claim(store, callOf('c3'), keyOf('other'))), 'claimed', 'another key')
      await take(store, [creditOf(10)], callOf('c1'))
      assertEqual(await applyOne(store.at(NOON), { kind: 'dispatch', callId: 'c1' }), { dispatched: true }, 'dispatch')
      assertEqual(outcomeOf(await claim(store, callOf('c2'), keyOf('k'))), 'in_progress', 'dispatched')
      await settle(store, 'c1', 'done', { answer })
      const replay = await claim(store, callOf('c2'), keyOf('k'))
      assertEqual(replay.outcome === 'replay' && [replay.answer, replay.call.id, replay.call.chargedUnits], [answer, 'c1', 10], 'the replay')
      assertEqual(outcomeOf(await claim(store, callOf('c2'), keyOf('k', { fingerprint: 'g' }))), 'mismatch', 'another body afterwards')
      assertEqual(await balance(store), [90, 0], 'charged once')
      await store.close()
    },
  },
  {
    name: 'of many claims of one key at once exactly one runs',
    async run(harness) {
      const store = await harness.create()
      const claims = await Promise.all(Array.from({ length: 100 }, (_, at) => claim(store, callOf(`c${at}`), keyOf('k'))))
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
        await claim(store, callOf(outcome), keyOf(outcome))
        await take(store, [creditOf(10)], callOf(outcome), { dispatch: true })
        await settle(store, outcome, 'done', { chargeUnits: 4 })
        await settle(store, outcome, outcome, { answer })
        await settle(store, outcome, outcome, { answer: { ...answer, status: 500 } })
        const replay = await claim(store, callOf('another'), keyOf(outcome))
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
      await claim(store, callOf('c1'), keyOf('k'))
      await take(store, [creditOf(10), leaseOf('session', 1)], callOf('c1'), { dispatch: true })
      assertEqual(await settle(store, 'c1', 'released'), { settled: true, chargedUnits: 0, shortUnits: 0, call: undefined }, 'the release')
      assertEqual(await store.call('c1'), undefined, 'the record')
      assertEqual(await claim(store, callOf('c2'), keyOf('k')), { outcome: 'claimed', fence: 1 }, 'the next')
      assertTrue((await take(store, [creditOf(100), leaseOf('session', 1)], callOf('c2'))).admitted, 'it has all there was')
      await store.close()
    },
  },
  {
    name: 'a release that is remembered is as true when it is asked again, also from the disk; its key is free at once, and after a day it is forgotten',
    async run(harness) {
      const store = await harness.create()
      await grant(store, 100)
      await claim(store, callOf('c1'), keyOf('k'))
      await take(store, [creditOf(10), leaseOf('session', 1)], callOf('c1'), { dispatch: true })
      assertEqual((await settle(store, 'c1', 'released', { remembered: true })).settled, true, 'the release')
      assertEqual(await claim(store, callOf('c2'), keyOf('k')), { outcome: 'claimed', fence: 1 }, 'the next')
      assertTrue((await take(store, [creditOf(100), leaseOf('session', 1)], callOf('c2'), { dispatch: true })).admitted, 'it has all there was')
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
    name: 'only a call that was dispatched can be done, and one that is over cannot be dispatched',
    async run(harness) {
      const store = await harness.create()
      await grant(store, 100)
      await take(store, [creditOf(10)], callOf('c1'))
      assertEqual([(await settle(store, 'c1', 'done')).settled, (await settle(store, 'c1', 'unknown')).settled], [false, false], 'before it was dispatched')
      const dispatch = (callId: string, nowMs = NOON) => applyOne(store.at(nowMs), { kind: 'dispatch', callId })
      assertEqual([await dispatch('c1'), await dispatch('c1'), await dispatch('nobody')], [{ dispatched: true }, { dispatched: true }, { dispatched: false }], 'dispatches')
      await settle(store, 'c1', 'done')
      await take(store, [creditOf(10)], callOf('c2'))
      assertEqual([await dispatch('c1'), await dispatch('c2', NOON + DEADLINE_MS)], [{ dispatched: false }, { dispatched: false }], 'over')
      assertEqual(await balance(store, NOON + DEADLINE_MS), [90, 0], 'the balance')
      await store.close()
    },
  },
  {
    name: 'an unknown outcome keeps its hold and its key until the deadline',
    async run(harness) {
      const store = await harness.create()
      await grant(store, 100)
      await claim(store, callOf('c1'), keyOf('k'))
      await take(store, [creditOf(40), leaseOf('slot', 1)], callOf('c1'), { dispatch: true })
      const failure = { ...answer, status: 504 }
      assertEqual((await settle(store, 'c1', 'unknown', { answer: failure })).call?.state, 'unknown', 'unknown')
      assertTrue((await take(store, [leaseOf('slot', 1)], callOf('c9'))).admitted, 'its slot is free')
      const again = await claim(store, callOf('c2'), keyOf('k'))
      assertTrue(again.outcome === 'unknown' && again.call.answer?.status === 504 && again.call.id === 'c1', 'the same key')
      assertEqual(await balance(store), [60, 40], 'the hold')
      const late = callOf('c3', { holdMs: 2 * DEADLINE_MS })
      assertEqual(outcomeOf(await claim(store, late, keyOf('k'), { nowMs: NOON + DEADLINE_MS })), 'claimed', 'at the deadline the key is free')
      assertEqual(await balance(store, NOON + DEADLINE_MS), [100, 0], 'and the money back')
      await store.close()
    },
  },
  {
    name: 'an unknown outcome may be settled by who knows it in the end',
    async run(harness) {
      const store = await harness.create()
      await grant(store, 100)
      for (const id of ['c1', 'c2']) {
        await take(store, [creditOf(40)], callOf(id), { dispatch: true })
        await settle(store, id, 'unknown')
      }
      assertEqual([(await settle(store, 'c1', 'done', { chargeUnits: 30 })).chargedUnits, (await settle(store, 'c2', 'released')).settled], [30, true], 'late')
      assertEqual(await balance(store), [70, 0], 'the balance')
      await store.close()
    },
  },
  {
    name: 'a redispatch goes on under the first hold, and the first run can end nothing any more',
    async run(harness) {
      const store = await harness.create()
      await grant(store, 100)
      const stage = [creditOf(70), leaseOf('session', 1)]
      await claim(store, callOf('c1'), keyOf('k'))
      await take(store, stage, callOf('c1'), { dispatch: true })
      await settle(store, 'c1', 'unknown')
      assertEqual(await claim(store, callOf('c2'), keyOf('k'), { redispatch: true }), { outcome: 'claimed', fence: 2 }, 'the take-over')
      assertTrue((await take(store, stage, callOf('c2'), { dispatch: true })).admitted, 'what it takes it has')
      assertEqual(await balance(store), [30, 70], 'held once')
      assertEqual([(await settle(store, 'c1', 'done')).settled, (await settle(store, 'c2', 'done', { fence: 1 })).settled], [false, false], 'the first run')
      assertEqual((await settle(store, 'c2', 'done', { fence: 2, answer })).chargedUnits, 70, 'the second')
      assertEqual(outcomeOf(await claim(store, callOf('c3'), keyOf('k'))), 'replay', 'its answer')
      assertEqual((await movements(store)).slice(1), ['hold 70 (30+70) request', 'release 70 (100+0) redispatch', 'hold 70 (30+70) redispatch', 'settle 70 (30+0) test'], 'the ledger')
      await store.close()
    },
  },
  {
    name: 'a redispatch by another key of the account, with a balance of its own, is not paid twice',
    async run(harness) {
      const store = await harness.create()
      for (const subject of ['key:1', 'key:2']) await grant(store, 100, { subject, grantId: subject })
      await claim(store, callOf('c1', { keyId: '1' }), keyOf('k'))
      await take(store, [creditOf(70, 'key:1')], callOf('c1', { keyId: '1' }), { dispatch: true })
      await settle(store, 'c1', 'unknown')
      await claim(store, callOf('c2', { keyId: '2' }), keyOf('k'), { redispatch: true })
      await take(store, [creditOf(70, 'key:2')], callOf('c2', { keyId: '2' }), { dispatch: true })
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
      await claim(store, callOf('c1'), keyOf('k'))
      await take(store, stage, callOf('c1'), { dispatch: true })
      assertTrue(await bind('c1', 'ses_1'), 'the first run')
      await settle(store, 'c1', 'unknown')
      await claim(store, callOf('c2'), keyOf('k'), { redispatch: true })
      assertTrue((await take(store, stage, callOf('c2'), { dispatch: true })).admitted, 'it has its session')
      assertEqual([await alive(store, 'session'), await bind('c2', 'ses_1'), await bind('c2', 'ses_2')], [1, true, false], 'one session, under its id')
      await store.close()
    },
  },
  {
    name: 'a redispatch that is refused before it goes out leaves the outcome as unknown as it was',
    async run(harness) {
      const store = await harness.create()
      await grant(store, 100)
      await claim(store, callOf('c1'), keyOf('k'))
      await take(store, [creditOf(70)], callOf('c1'), { dispatch: true })
      await settle(store, 'c1', 'unknown', { answer })
      await claim(store, callOf('c2'), keyOf('k'), { redispatch: true })
      assertEqual((await settle(store, 'c2', 'released')).call?.state, 'unknown', 'the release')
      assertEqual([await balance(store), outcomeOf(await claim(store, callOf('c3'), keyOf('k')))], [[30, 70], 'unknown'], 'the hold and the key stand')
      await store.close()
    },
  },
  {
    name: 'a key charged at its deadline is charged once and runs no more, with the failure as its answer if there is one',
    async run(harness) {
      const store = await harness.create()
      await grant(store, 100)
      for (const [id, failure] of [['c1', answer], ['c2', undefined]] as const) {
        await claim(store, callOf(id, { onExpiry: 'charge' }), keyOf(id))
        await take(store, [creditOf(10)], callOf(id, { onExpiry: 'charge' }), { dispatch: true })
        await settle(store, id, 'unknown', failure && { answer: failure })
      }
      const nowMs = NOON + DEADLINE_MS
      const later = callOf('c3', { holdMs: 1 })
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
        await claim(store, callOf(id), keyOf(id, { keptMs: 5_000 }))
        await applyOne(store.at(NOON), { kind: 'dispatch', callId: id })
        await settle(store, id, 'done', { answer })
      }
      assertEqual(outcomeOf(await claim(store, callOf('c3'), keyOf('c1'), { nowMs: NOON + 4_999 })), 'replay', 'a moment before')
      assertEqual(outcomeOf(await claim(store, callOf('c3'), keyOf('c1'), { nowMs: NOON + 5_000 })), 'claimed', 'then')
      await applyOne(store.at(NOON + 5_000), { kind: 'sweep', limit: 10 })
      assertEqual([await store.call('c1'), await store.call('c2'), (await store.call('c3'))?.state], [undefined, undefined, 'claimed'], 'the calls')
      await store.close()
    },
  },
  {
    name: 'calls are found by account, state and key, the newest first',
    async run(harness) {
      const store = await harness.create()
      await grant(store, 100)
      await claim(store, callOf('c1'), keyOf('k'))
      await take(store, [creditOf(1)], callOf('c2'), { nowMs: NOON + 1 })
      await take(store, [creditOf(1)], callOf('c3', { accountId: 'b' }), { nowMs: NOON + 2, dispatch: true })
      const search = async (query: Partial<Parameters<typeof store.calls>[0]>) => (await store.calls({ limit: 10, ...query })).map(({ id }) => id)
      assertEqual(await search({}), ['c3', 'c2', 'c1'], 'all')
      assertEqual(await search({ accountId: 'a' }), ['c2', 'c1'], 'by account')
      assertEqual([await search({ state: 'dispatched' }), await search({ keyed: true }), await search({ keyed: false, limit: 1 }), await search({ beforeMs: NOON + 1 })], [['c3'], ['c1'], ['c3'], ['c1']], 'by the rest')
      await store.close()
    },
  },
  {
    name: 'calls are listed in pages that go on where the last one ended, whatever has gone meanwhile',
    async run(harness) {
      const store = await harness.create()
      await grant(store, 100)
      const ids = ['c3', 'c1', 'c5', 'c4', 'c2']
      for (const id of ids) await take(store, [creditOf(1)], callOf(id), { nowMs: id === 'c2' ? NOON + 1 : NOON })
      const first = await store.calls({ accountId: 'a', keyed: false, limit: 2 })
      const before = first.at(-1)
      assertEqual(first.map(({ id }) => id), ['c2', 'c5'], 'the first page')
      await settle(store, 'c5', 'released')
      const rest = await store.calls({ accountId: 'a', limit: 9, ...(before !== undefined && { before }) })
      assertEqual(rest.map(({ id }) => id), ['c4', 'c3', 'c1'], 'the rest, though the last of the page is gone')
      await store.close()
    },
  },
  {
    name: 'a call that is extended keeps its hold, its leases, its slots and its key until the new deadline, which nothing moves back',
    async run(harness) {
      const store = await harness.create()
      await grant(store, 100)
      const [oldMs, newMs] = [NOON + DEADLINE_MS, NOON + 3 * DEADLINE_MS]
      for (const onExpiry of ['release', 'charge'] as const) {
        const call = callOf(onExpiry, { onExpiry })
        await claim(store, call, keyOf(onExpiry))
        await take(store, [creditOf(40), leaseOf('session', 2), leaseOf('slot', 2)], call, { dispatch: onExpiry === 'charge' })
        assertTrue(await extend(store, onExpiry, newMs), 'extended')
        assertTrue(await extend(store, onExpiry, oldMs), 'a shorter extension says that the call goes on')
      }
      await applyOne(store.at(oldMs), { kind: 'dispatch', callId: 'release' })
      assertEqual((await applyOne(store.at(newMs - 1), { kind: 'sweep', limit: 9 })).calls, 0, 'nothing falls due before')
      assertEqual([await balance(store, newMs - 1), await alive(store, 'session'), await alive(store, 'slot')], [[20, 80], 2, 2], 'what they hold')
      const again = await claim(store, callOf('c3'), keyOf('charge'), { nowMs: newMs - 1 })
      assertTrue(again.outcome === 'in_progress' && again.retryAtMs === newMs, 'the key')
      assertEqual((await take(store, [leaseOf('slot', 2)], callOf('c4'), { nowMs: newMs - 1 })).admitted, false, 'the slots')
      assertEqual((await applyOne(store.at(newMs), { kind: 'sweep', limit: 9 })).calls, 2, 'then they do')
      assertEqual([await balance(store, newMs), await alive(store, 'session', newMs), await alive(store, 'slot', newMs)], [[60, 0], 0, 0], 'what is left')
      await store.close()
    },
  },
  {
    name: 'an extension is void for a call that is over, was taken over, waits for its deadline alone, or is unknown to the store',
    async run(harness) {
      const store = await harness.create()
      await grant(store, 100)
      const laterMs = NOON + 9 * DEADLINE_MS
      for (const id of ['done', 'released', 'unknown', 'overdue']) {
        await claim(store, callOf(id), keyOf(id))
        await take(store, [creditOf(10), leaseOf('slot', 9)], callOf(id), { dispatch: true })
      }
      for (const outcome of ['done', 'released', 'unknown'] as const) await settle(store, outcome, outcome)
      await claim(store, callOf('second'), keyOf('unknown'), { redispatch: true })
      assertEqual([await extend(store, 'done', laterMs), await extend(store, 'released', laterMs), await extend(store, 'nobody', laterMs)], [false, false, false], 'over')
      assertEqual([await extend(store, 'unknown', laterMs), await extend(store, 'second', laterMs, { fence: 1 })], [false, false], 'taken over')
      await settle(store, 'second', 'released')
      assertEqual([(await store.call('second'))?.state, await extend(store, 'second', laterMs, { fence: 2 })], ['unknown', false], 'open')
      assertEqual(await extend(store, 'overdue', laterMs, { nowMs: NOON + DEADLINE_MS }), false, 'at its deadline')
      await applyOne(store.at(NOON + DEADLINE_MS), { kind: 'sweep', limit: 9 })
      assertEqual([await balance(store, NOON + DEADLINE_MS), await alive(store, 'slot', NOON + DEADLINE_MS)], [[90, 0], 0], 'nothing is held')
      await store.close()
    },
  },
  {
    name: 'slots alone are extended too, as long as the call has them',
    async run(harness) {
      const store = await harness.create()
      for (const id of ['c1', 'c2']) await take(store, [leaseOf('slot', 9)], callOf(id))
      assertTrue(await extend(store, 'c1', NOON + 2 * DEADLINE_MS), 'extended')
      await applyOne(store.at(NOON + DEADLINE_MS), { kind: 'sweep', limit: 9 })
      assertEqual(await alive(store, 'slot', NOON + DEADLINE_MS), 1, 'of two')
      assertEqual([await extend(store, 'c2', NOON + 9 * DEADLINE_MS, { nowMs: NOON + DEADLINE_MS }), await store.call('c1')], [false, undefined], 'free already, and no record')
      await settle(store, 'c1', 'done', { nowMs: NOON + DEADLINE_MS })
      assertEqual([await alive(store, 'slot', NOON + DEADLINE_MS), await extend(store, 'c1', NOON + 9 * DEADLINE_MS, { nowMs: NOON + DEADLINE_MS })], [0, false], 'after its end')
      await store.close()
    },
  },
  {
    name: 'an extension is there again after the store was closed',
    async run(harness) {
      if (harness.reopen === undefined) return
      const store = await harness.create()
      await grant(store, 100)
      await claim(store, callOf('c1'), keyOf('k'))
      await take(store, [creditOf(40)], callOf('c1'), { dispatch: true })
      await extend(store, 'c1', NOON + 2 * DEADLINE_MS)
      await store.close()
      const again = await harness.reopen(store)
      const sweep = async (nowMs: number) => (await applyOne(again.at(nowMs), { kind: 'sweep', limit: 9 })).calls
      assertEqual([await sweep(NOON + DEADLINE_MS), await sweep(NOON + 2 * DEADLINE_MS)], [0, 1], 'what falls due')
      await again.close()
    },
  },
  {
    name: 'a call that had begun takes nothing and claims nothing once its deadline has passed: what it had is free, and its key may be another\'s',
    async run(harness) {
      const store = await harness.create()
      await grant(store, 100)
      const nowMs = NOON + DEADLINE_MS
      await claim(store, callOf('keyed'), keyOf('k'))
      await take(store, [leaseOf('slot', 9)], callOf('slot'))
      const calls = ['keyed', 'slot'].map((id) => callOf(id, { begun: true }))
      for (const call of calls) assertTrue((await take(store, [leaseOf('slot', 9)], call, { nowMs: nowMs - 1 })).admitted, 'a moment before')
      for (const call of calls) {
        await assertRejects(take(store, [creditOf(10)], call, { nowMs: nowMs + DEADLINE_MS }), 'a stage of a call that is over')
        await assertRejects(claim(store, call, keyOf('another'), { nowMs: nowMs + DEADLINE_MS }), 'a claim of it')
      }
      assertEqual([await balance(store, nowMs + DEADLINE_MS), outcomeOf(await claim(store, callOf('c2'), keyOf('k'), { nowMs: nowMs + DEADLINE_MS }))], [[100, 0], 'claimed'], 'nothing is held, and the key is free')
      for (const holdMs of [0, -1, 0.5]) await assertRejects(claim(store, callOf('c3', { holdMs }), keyOf('n')), `a hold of ${holdMs} ms`)
      await store.close()
    },
  },
]
