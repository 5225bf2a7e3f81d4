/** What every engine of money must do with sessions and stock, and with slots that a paid call takes. */
import { compact } from '../contract/values/compact.ts'
import type { MoneyEngine } from '../engine/money-commands.ts'
import { applyOne } from '../stores/store.ts'
import { assertEqual, assertTrue } from './assert.ts'
import { alive, balance, termsFor, creditOf, HOLD_MS, grant, leaseOf, NOON, settle, admit } from './paid-call.ts'
import type { TimedCase } from './store-case.ts'
import type { TimedStore } from './timed-store.ts'

const bind = (store: TimedStore<MoneyEngine>, callId: string, id: string, expiresAtMs?: number, nowMs = NOON) =>
  applyOne(store.at(nowMs), compact({ kind: 'bind-lease', callId, api: 'x', id, expiresAtMs }))
const renew = (store: TimedStore<MoneyEngine>, id: string, expiresAtMs: number, nowMs: number, accountId = 'a') => applyOne(store.at(nowMs), { kind: 'renew-lease', accountId, id, expiresAtMs })
const end = (store: TimedStore<MoneyEngine>, id: string, as: 'released' | 'terminated', nowMs: number, accountId = 'a') => applyOne(store.at(nowMs), { kind: 'end-lease', accountId, id, as })

/** A session of its own, from a call that is done. */
async function open(store: TimedStore<MoneyEngine>, id: string, expiresAtMs?: number, nowMs = NOON): Promise<boolean> {
  const call = termsFor(`call of ${id}`)
  const { admitted } = await admit(store, [leaseOf('session', 3), leaseOf('stock', 9, 2)], call, { dispatch: true, nowMs })
  if (!admitted) return false
  await bind(store, call.id, id, expiresAtMs, nowMs)
  await settle(store, call.id, 'done', { nowMs })
  return true
}

export const leaseCases: readonly TimedCase<MoneyEngine>[] = [
  {
    name: 'a slot lives while its call lives, and no longer',
    async run(harness) {
      const store = await harness.create()
      const slot = leaseOf('slot', 2)
      const decisions = await Promise.all(['c1', 'c2', 'c3'].map((id) => admit(store, [slot], termsFor(id))))
      assertEqual(decisions.map(({ admitted }) => admitted).toSorted(), [false, true, true], 'of three')
      const reading = { name: 'slot', subject: 'account:a', kind: 'lease', limit: 2, used: 2, remaining: 0, resetAtMs: NOON, admitted: false }
      assertEqual(decisions.find(({ admitted }) => !admitted)?.readings, [reading], 'the refusal')
      const id = decisions[0]?.admitted === true ? 'c1' : 'c2'
      assertEqual(await applyOne(store.at(NOON), { kind: 'dispatch', callId: id }), { dispatched: true }, 'a call with a slot alone may go')
      assertEqual([(await settle(store, id, 'done')).settled, (await settle(store, id, 'done')).settled], [true, false], 'its end')
      assertEqual(await alive(store, 'slot'), 1, 'after one end')
      assertEqual(await alive(store, 'slot', NOON + HOLD_MS - 1), 1, 'a moment before the deadline')
      assertTrue((await admit(store, [leaseOf('slot', 1)], termsFor('c4'), { nowMs: NOON + HOLD_MS })).admitted, 'the deadline frees the other')
      await store.close()
    },
  },
  {
    name: 'no slot is left after 10,000 calls that end in any way',
    async run(harness) {
      const store = await harness.create()
      await grant(store, 100_000)
      const ends = ['done', 'released', 'unknown'] as const
      const calls = Array.from({ length: 10_000 }, async (_, at) => {
        const call = termsFor(`c${at}`)
        const takes = [leaseOf('slot', 100_000), ...(at % 2 === 0 ? [creditOf(1)] : [])]
        if (at % 7 !== 0) await admit(store, takes, call, { dispatch: at % 5 !== 0 })
        const outcome = ends[at % 3] ?? 'done'
        // Ended before, while and after others begin; twice; by nobody but the deadline.
        if (at % 11 !== 0) await settle(store, call.id, outcome)
        if (at % 13 === 0) await settle(store, call.id, 'released')
      })
      await Promise.all(calls)
      await applyOne(store.at(NOON + HOLD_MS), { kind: 'sweep', limit: 100_000 })
      assertEqual([await alive(store, 'slot', NOON + HOLD_MS), (await balance(store, NOON + HOLD_MS))[1]], [0, 0], 'alive and held')
      await store.close()
    },
  },
  {
    name: 'what a call took alive ends with it, unless it was bound',
    async run(harness) {
      const store = await harness.create()
      for (const id of ['c1', 'c2', 'c3']) await admit(store, [leaseOf('session', 9), leaseOf('stock', 9, 2)], termsFor(id), { dispatch: true })
      const { bound, lease } = await bind(store, 'c1', 'ses_1')
      const taken = [{ subject: 'account:a', name: 'session', quantity: 1 }, { subject: 'account:a', name: 'stock', quantity: 2 }]
      assertEqual([bound, lease], [true, { id: 'ses_1', api: 'x', accountId: 'a', callId: 'c1', state: 'active', taken, createdAtMs: NOON }], 'the binding')
      assertEqual((await bind(store, 'c1', 'ses_1')).bound, true, 'the same again')
      assertEqual([(await bind(store, 'c1', 'ses_2')).bound, (await bind(store, 'c2', 'ses_1')).bound], [false, false], 'nothing left to bind, and an id that is taken')
      await settle(store, 'c1', 'done')
      await settle(store, 'c2', 'done')
      await settle(store, 'c3', 'released')
      assertEqual([await alive(store, 'session'), await alive(store, 'stock')], [1, 2], 'what lives')
      assertEqual((await bind(store, 'c2', 'ses_3')).bound, false, 'a call that is over has nothing')
      await store.close()
    },
  },
  {
    name: 'a session is renewed, ended or expires once, and its tombstone tells how',
    async run(harness) {
      const store = await harness.create()
      for (const id of ['s1', 's2', 's3']) assertTrue(await open(store, id, id === 's1' ? undefined : NOON + 10_000), id)
      assertEqual((await renew(store, 's2', NOON + 20_000, NOON + 1)).lease?.expiresAtMs, NOON + 20_000, 'renewed')
      assertEqual([(await renew(store, 's2', NOON, NOON + 1, 'b')).done, (await end(store, 's2', 'released', NOON + 1, 'b')).done], [false, false], "another account's")
      assertEqual(await applyOne(store.at(NOON + 10_000), { kind: 'sweep', limit: 9 }), { calls: 0, leases: 1, grants: 0, nextDueMs: NOON + 20_000 }, 'one expires')
      assertEqual([(await end(store, 's1', 'terminated', NOON + 10_001)).done, (await end(store, 's1', 'terminated', NOON + 10_002)).done, (await end(store, 's1', 'released', NOON + 10_002)).done], [true, true, false], 'one is terminated')
      assertEqual([(await renew(store, 's1', NOON + 99_000, NOON + 10_002)).done, (await renew(store, 's3', NOON + 99_000, NOON + 10_002)).done], [false, false], 'what is over is not renewed')
      const states = async () => Promise.all(['s1', 's2', 's3', 's4'].map(async (id) => (await store.lease('x', id))?.state))
      assertEqual(await states(), ['terminated', 'active', 'expired', undefined], 'the tombstones')
      assertEqual([(await store.lease('x', 's1'))?.endedAtMs, (await store.lease('x', 's3'))?.endedAtMs], [NOON + 10_001, NOON + 10_000], 'when')
      assertEqual([await alive(store, 'session', NOON + 10_002), await alive(store, 'stock', NOON + 10_002)], [1, 2], 'what lives')
      assertEqual((await renew(store, 's2', NOON + 30_000, NOON + 20_000)).lease?.state, 'expired', 'too late, without a sweep')
      assertEqual((await store.leases({ accountId: 'a', limit: 9 })).map(({ id }) => id), ['s3', 's2', 's1'], 'the newest first')
      assertEqual((await store.leases({ accountId: 'a', state: 'expired', limit: 1 })).map(({ id }) => id), ['s3'], 'by state')
      await store.close()
    },
  },
  {
    name: 'a tombstone stays thirty days after the end, or as long as the sweep says, and goes in batches; what lives stays',
    async run(harness) {
      const store = await harness.create()
      const day = 86_400_000
      for (const id of ['s1', 's2', 's3']) await open(store, id, NOON + 10_000)
      await applyOne(store.at(NOON + 10_000), { kind: 'sweep', limit: 9 })
      for (const id of ['s4', 's5']) await open(store, id, undefined, NOON + 10_001)
      await end(store, 's4', 'terminated', NOON + 20_000)
      const ids = async () => (await store.leases({ accountId: 'a', limit: 9 })).map(({ id }) => id).toSorted()
      const endMs = NOON + 10_000 + 30 * day
      const sweep = (nowMs: number, limit: number, more: { readonly leasesKeptMs?: number } = {}) => applyOne(store.at(nowMs), { kind: 'sweep', limit, ...more })
      await sweep(endMs - 1, 9)
      assertEqual(await ids(), ['s1', 's2', 's3', 's4', 's5'], 'a moment before')
      assertEqual((await sweep(endMs, 2)).nextDueMs, endMs, 'a full batch: there is more')
      assertEqual((await ids()).length, 3, 'two are gone')
      assertEqual((await sweep(endMs, 2)).nextDueMs, undefined, 'all that was')
      assertEqual(await ids(), ['s4', 's5'], 'three are gone')
      assertEqual([await store.lease('x', 's1'), (await end(store, 's1', 'released', endMs)).lease], [undefined, undefined], 'as if it never was')
      await sweep(endMs, 9, { leasesKeptMs: 10 * day })
      assertEqual([await ids(), await alive(store, 'session', endMs)], [['s5'], 1], 'kept for a shorter time')
      assertTrue(await open(store, 's1', undefined, endMs), 'its id is free again')
      assertEqual((await store.lease('x', 's1'))?.state, 'active', 'and taken')
      await store.close()
    },
  },
  {
    name: 'leases are listed in pages that go on where the last one ended, also among those of one instant',
    async run(harness) {
      const store = await harness.create()
      for (const id of ['s1', 's3', '\u{1F600}', '\u{FFFD}']) await open(store, id)
      assertEqual((await store.leases({ accountId: 'a', limit: 9 })).length, 3, 'three fit')
      await end(store, 's3', 'released', NOON + 1)
      await open(store, 's2', undefined, NOON + 2)
      const all = await store.leases({ accountId: 'a', limit: 9 })
      const paged: string[] = []
      for (let page = await store.leases({ accountId: 'a', limit: 1 }); page.length > 0; ) {
        paged.push(...page.map(({ id }) => id))
        const before = page.at(-1)
        page = await store.leases({ accountId: 'a', limit: 1, before })
      }
      assertEqual(paged, all.map(({ id }) => id), 'the pages')
      assertEqual(paged.slice(0, 1), ['s2'], 'the newest first')
      assertEqual([(await store.leases({ accountId: 'a', api: 'x', limit: 9 })).length, (await store.leases({ accountId: 'a', api: 'y', limit: 9 })).length], [4, 0], 'by API')
      await store.close()
    },
  },
  {
    name: 'a limit of sessions is refused with the instant at which the next one ends',
    async run(harness) {
      const store = await harness.create()
      await open(store, 's1', NOON + 30_000)
      await open(store, 's2', NOON + 10_000)
      const ask = (limit: number, cost = 1) => admit(store, [leaseOf('session', limit, cost)], termsFor('c'))
      const [one, both, never] = [await ask(2), await ask(2, 2), await ask(2, 3)]
      assertEqual([one, both, never].map((decision) => !decision.admitted && decision.retryAtMs), [NOON + 10_000, NOON + 30_000, undefined], 'one, both, more than the limit')
      await open(store, 's3')
      assertEqual((await ask(1)).admitted, false, 'a lower limit')
      const stock = await admit(store, [leaseOf('stock', 4, 1)], termsFor('c'))
      assertTrue(!stock.admitted && stock.refusedBy.remaining === 0 && stock.retryAtMs === undefined, 'stock names no instant')
      assertTrue((await admit(store, [leaseOf('session', 3)], termsFor('then'), { nowMs: NOON + 10_000 })).admitted, 'then there is room, without a sweep')
      await store.close()
    },
  },
  {
    name: 'sessions are there again after the store was closed',
    async run(harness) {
      if (harness.reopen === undefined) return
      const store = await harness.create()
      await open(store, 's1', NOON + 100_000)
      await admit(store, [leaseOf('slot', 9), leaseOf('session', 9)], termsFor('c1'), { dispatch: true })
      await store.close()
      const again = await harness.reopen(store)
      assertEqual([await alive(again, 'session'), (await again.lease('x', 's1'))?.state], [2, 'active'], 'alive')
      assertEqual((await bind(again, 'c1', 's2', undefined, NOON + 1)).bound, true, 'a call that still runs binds')
      assertEqual(await applyOne(again.at(NOON + 100_000), { kind: 'sweep', limit: 9 }), { calls: 1, leases: 1, grants: 0 }, 'what falls due')
      assertEqual(await alive(again, 'session', NOON + 100_000), 1, 'the one that was bound without end')
      await again.close()
    },
  },
]
