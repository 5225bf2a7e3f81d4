/** What every engine of money must do with calls: their moves, their deadlines, how they are found. */
import type { StoredAnswer } from '../engine/calls/call-record.ts'
import type { CallQuery, MoneyEngine } from '../engine/money-commands.ts'
import { applyOne } from '../stores/store.ts'
import { assertEqual, assertRejects, assertTrue } from './assert.ts'
import { alive, balance, termsFor, claim, creditOf, HOLD_MS, extend, grant, keyOf, leaseOf, NOON, settle, admit } from './paid-call.ts'
import type { TimedCase } from './store-case.ts'

const answer: StoredAnswer = { status: 200, headers: ['content-type', 'application/json'], body: '{"ok":true}', encoding: 'utf8' }
const outcomeOf = (result: { readonly outcome: string }): string => result.outcome

export const callCases: readonly TimedCase<MoneyEngine>[] = [
  {
    name: 'only a call that was dispatched can be done, and one that is over cannot be dispatched',
    async run(harness) {
      const store = await harness.create()
      await grant(store, 100)
      await admit(store, [creditOf(10)], termsFor('c1'))
      assertEqual([(await settle(store, 'c1', 'done')).settled, (await settle(store, 'c1', 'unknown')).settled], [false, false], 'before it was dispatched')
      const dispatch = (callId: string, nowMs = NOON) => applyOne(store.at(nowMs), { kind: 'dispatch', callId })
      assertEqual([await dispatch('c1'), await dispatch('c1'), await dispatch('nobody')], [{ dispatched: true }, { dispatched: true }, { dispatched: false }], 'dispatches')
      await settle(store, 'c1', 'done')
      await admit(store, [creditOf(10)], termsFor('c2'))
      assertEqual([await dispatch('c1'), await dispatch('c2', NOON + HOLD_MS)], [{ dispatched: false }, { dispatched: false }], 'over')
      assertEqual(await balance(store, NOON + HOLD_MS), [90, 0], 'the balance')
      await store.close()
    },
  },
  {
    name: 'an unknown outcome keeps its hold and its key until the deadline',
    async run(harness) {
      const store = await harness.create()
      await grant(store, 100)
      await claim(store, termsFor('c1'), keyOf('k'))
      await admit(store, [creditOf(40), leaseOf('slot', 1)], termsFor('c1'), { dispatch: true })
      const failure = { ...answer, status: 504 }
      assertEqual((await settle(store, 'c1', 'unknown', { answer: failure })).call?.state, 'unknown', 'unknown')
      assertTrue((await admit(store, [leaseOf('slot', 1)], termsFor('c9'))).admitted, 'its slot is free')
      const again = await claim(store, termsFor('c2'), keyOf('k'))
      assertTrue(again.outcome === 'unknown' && again.call.answer?.status === 504 && again.call.id === 'c1', 'the same key')
      assertEqual(await balance(store), [60, 40], 'the hold')
      const late = termsFor('c3', { holdMs: 2 * HOLD_MS })
      assertEqual(outcomeOf(await claim(store, late, keyOf('k'), { nowMs: NOON + HOLD_MS })), 'claimed', 'at the deadline the key is free')
      assertEqual(await balance(store, NOON + HOLD_MS), [100, 0], 'and the money back')
      await store.close()
    },
  },
  {
    name: 'an unknown outcome may be settled by who knows it in the end',
    async run(harness) {
      const store = await harness.create()
      await grant(store, 100)
      for (const id of ['c1', 'c2']) {
        await admit(store, [creditOf(40)], termsFor(id), { dispatch: true })
        await settle(store, id, 'unknown')
      }
      assertEqual([(await settle(store, 'c1', 'done', { chargeUnits: 30 })).chargedUnits, (await settle(store, 'c2', 'released')).settled], [30, true], 'late')
      assertEqual(await balance(store), [70, 0], 'the balance')
      await store.close()
    },
  },
  {
    name: 'calls are found by account, state and key, the newest first',
    async run(harness) {
      const store = await harness.create()
      await grant(store, 100)
      await claim(store, termsFor('c1'), keyOf('k'))
      await admit(store, [creditOf(1)], termsFor('c2'), { nowMs: NOON + 1 })
      await admit(store, [creditOf(1)], termsFor('c3', { accountId: 'b' }), { nowMs: NOON + 2, dispatch: true })
      const search = async (query: Partial<CallQuery>) => (await store.calls({ limit: 10, ...query })).map(({ id }) => id)
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
      for (const id of ids) await admit(store, [creditOf(1)], termsFor(id), { nowMs: id === 'c2' ? NOON + 1 : NOON })
      const first = await store.calls({ accountId: 'a', keyed: false, limit: 2 })
      const before = first.at(-1)
      assertEqual(first.map(({ id }) => id), ['c2', 'c5'], 'the first page')
      await settle(store, 'c5', 'released')
      const rest = await store.calls({ accountId: 'a', limit: 9, before })
      assertEqual(rest.map(({ id }) => id), ['c4', 'c3', 'c1'], 'the rest, though the last of the page is gone')
      await store.close()
    },
  },
  {
    name: 'a call that is extended keeps its hold, its leases, its slots and its key until the new deadline, which nothing moves back',
    async run(harness) {
      const store = await harness.create()
      await grant(store, 100)
      const [oldMs, newMs] = [NOON + HOLD_MS, NOON + 3 * HOLD_MS]
      for (const onExpiry of ['release', 'charge'] as const) {
        const call = termsFor(onExpiry, { onExpiry })
        await claim(store, call, keyOf(onExpiry))
        await admit(store, [creditOf(40), leaseOf('session', 2), leaseOf('slot', 2)], call, { dispatch: onExpiry === 'charge' })
        assertTrue(await extend(store, onExpiry, newMs), 'extended')
        assertTrue(await extend(store, onExpiry, oldMs), 'a shorter extension says that the call goes on')
      }
      await applyOne(store.at(oldMs), { kind: 'dispatch', callId: 'release' })
      assertEqual((await applyOne(store.at(newMs - 1), { kind: 'sweep', limit: 9 })).calls, 0, 'nothing falls due before')
      assertEqual([await balance(store, newMs - 1), await alive(store, 'session'), await alive(store, 'slot')], [[20, 80], 2, 2], 'what they hold')
      const again = await claim(store, termsFor('c3'), keyOf('charge'), { nowMs: newMs - 1 })
      assertTrue(again.outcome === 'in_progress' && again.retryAtMs === newMs, 'the key')
      assertEqual((await admit(store, [leaseOf('slot', 2)], termsFor('c4'), { nowMs: newMs - 1 })).admitted, false, 'the slots')
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
      const laterMs = NOON + 9 * HOLD_MS
      for (const id of ['done', 'released', 'unknown', 'overdue']) {
        await claim(store, termsFor(id), keyOf(id))
        await admit(store, [creditOf(10), leaseOf('slot', 9)], termsFor(id), { dispatch: true })
      }
      for (const outcome of ['done', 'released', 'unknown'] as const) await settle(store, outcome, outcome)
      await claim(store, termsFor('second'), keyOf('unknown'), { redispatch: true })
      assertEqual([await extend(store, 'done', laterMs), await extend(store, 'released', laterMs), await extend(store, 'nobody', laterMs)], [false, false, false], 'over')
      assertEqual([await extend(store, 'unknown', laterMs), await extend(store, 'second', laterMs, { fence: 1 })], [false, false], 'taken over')
      await settle(store, 'second', 'released')
      assertEqual([(await store.call('second'))?.state, await extend(store, 'second', laterMs, { fence: 2 })], ['unknown', false], 'open')
      assertEqual(await extend(store, 'overdue', laterMs, { nowMs: NOON + HOLD_MS }), false, 'at its deadline')
      await applyOne(store.at(NOON + HOLD_MS), { kind: 'sweep', limit: 9 })
      assertEqual([await balance(store, NOON + HOLD_MS), await alive(store, 'slot', NOON + HOLD_MS)], [[90, 0], 0], 'nothing is held')
      await store.close()
    },
  },
  {
    name: 'an extension is there again after the store was closed',
    async run(harness) {
      if (harness.reopen === undefined) return
      const store = await harness.create()
      await grant(store, 100)
      await claim(store, termsFor('c1'), keyOf('k'))
      await admit(store, [creditOf(40)], termsFor('c1'), { dispatch: true })
      await extend(store, 'c1', NOON + 2 * HOLD_MS)
      await store.close()
      const again = await harness.reopen(store)
      const sweep = async (nowMs: number) => (await applyOne(again.at(nowMs), { kind: 'sweep', limit: 9 })).calls
      assertEqual([await sweep(NOON + HOLD_MS), await sweep(NOON + 2 * HOLD_MS)], [0, 1], 'what falls due')
      await again.close()
    },
  },
  {
    name: 'slots alone are extended too, as long as the call has them',
    async run(harness) {
      const store = await harness.create()
      for (const id of ['c1', 'c2']) await admit(store, [leaseOf('slot', 9)], termsFor(id))
      assertTrue(await extend(store, 'c1', NOON + 2 * HOLD_MS), 'extended')
      await applyOne(store.at(NOON + HOLD_MS), { kind: 'sweep', limit: 9 })
      assertEqual(await alive(store, 'slot', NOON + HOLD_MS), 1, 'of two')
      assertEqual([await extend(store, 'c2', NOON + 9 * HOLD_MS, { nowMs: NOON + HOLD_MS }), await store.call('c1')], [false, undefined], 'free already, and no record')
      await settle(store, 'c1', 'done', { nowMs: NOON + HOLD_MS })
      assertEqual([await alive(store, 'slot', NOON + HOLD_MS), await extend(store, 'c1', NOON + 9 * HOLD_MS, { nowMs: NOON + HOLD_MS })], [0, false], 'after its end')
      await store.close()
    },
  },
  {
    name: 'a call that had begun takes nothing and claims nothing once its deadline has passed: what it had is free, and its key may be another\'s',
    async run(harness) {
      const store = await harness.create()
      await grant(store, 100)
      const nowMs = NOON + HOLD_MS
      await claim(store, termsFor('keyed'), keyOf('k'))
      await admit(store, [leaseOf('slot', 9)], termsFor('slot'))
      const calls = ['keyed', 'slot'].map((id) => termsFor(id, { begun: true }))
      for (const call of calls) assertTrue((await admit(store, [leaseOf('slot', 9)], call, { nowMs: nowMs - 1 })).admitted, 'a moment before')
      for (const call of calls) {
        await assertRejects(admit(store, [creditOf(10)], call, { nowMs: nowMs + HOLD_MS }), 'a stage of a call that is over')
        await assertRejects(claim(store, call, keyOf('another'), { nowMs: nowMs + HOLD_MS }), 'a claim of it')
      }
      assertEqual([await balance(store, nowMs + HOLD_MS), outcomeOf(await claim(store, termsFor('c2'), keyOf('k'), { nowMs: nowMs + HOLD_MS }))], [[100, 0], 'claimed'], 'nothing is held, and the key is free')
      for (const holdMs of [0, -1, 0.5]) await assertRejects(claim(store, termsFor('c3', { holdMs }), keyOf('n')), `a hold of ${holdMs} ms`)
      await store.close()
    },
  },
]
