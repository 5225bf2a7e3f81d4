/** What every engine of money must do when it is asked again, since nobody could say what became of the first time. */
import type { MoneyEngine } from '../engine/money-commands.ts'
import { applyOne } from '../stores/store.ts'
import { assertEqual, assertRejects, assertTrue } from './assert.ts'
import { alive, balance, termsFor, claim, creditOf, HOLD_MS, grant, keyOf, leaseOf, NOON, settle, admit, usedOf } from './paid-call.ts'
import type { TimedCase } from './store-case.ts'

const daily = { subject: 'account:a', name: 'daily', meter: { kind: 'quota', period: 'day' }, limit: 9, cost: 1 } as const

export const outcomeCases: readonly TimedCase<MoneyEngine>[] = [
  {
    name: 'an admission that is asked again by its name answers what it answered and takes nothing more, also from the disk',
    async run(harness) {
      const store = await harness.create()
      await grant(store, 100)
      await claim(store, termsFor('c1'), keyOf('k'))
      const takes = [daily, creditOf(30), leaseOf('slot', 9), leaseOf('session', 9)]
      const first = await admit(store, takes, termsFor('c1'), { admission: 'stage 0', dispatch: true })
      assertTrue(first.admitted, 'the first')
      for (const nowMs of [NOON, NOON + 1_000]) assertEqual(await admit(store, takes, termsFor('c1'), { admission: 'stage 0', dispatch: true, nowMs }), first, 'asked again')
      const used = async (): Promise<number | undefined> => (await usedOf(store, [daily]))[0]
      assertEqual([await balance(store), await used(), await alive(store, 'slot'), await alive(store, 'session')], [[70, 30], 1, 1, 1], 'taken once')
      const both = await Promise.all([1, 2].map(() => admit(store, takes, termsFor('c2'), { admission: 'stage 0' })))
      assertEqual(both[1], both[0], 'two at once')
      await admit(store, takes, termsFor('c2'), { admission: 'stage 1' })
      assertEqual([await balance(store), await used(), await alive(store, 'slot')], [[10, 90], 3, 3], 'another stage, which the call has besides')
      await store.close()
      if (harness.reopen === undefined) return
      const again = await harness.reopen(store)
      assertEqual(await admit(again, takes, termsFor('c1'), { admission: 'stage 0', dispatch: true }), first, 'after a restart')
      assertEqual(await balance(again), [10, 90], 'nothing more')
      assertEqual((await settle(again, 'c1', 'done')).chargedUnits, 30, 'charged once')
      await again.close()
    },
  },
  {
    name: 'an admission that was refused is decided anew, one whose call is done takes nothing, and one past its deadline begins afresh',
    async run(harness) {
      const store = await harness.create()
      await grant(store, 10)
      const ask = (id: string, nowMs = NOON) => admit(store, [creditOf(20)], termsFor(id), { admission: 'a', dispatch: true, nowMs })
      assertTrue(!(await ask('c1')).admitted, 'too little')
      await grant(store, 50, { grantId: 'g2' })
      assertTrue((await ask('c1')).admitted, 'enough by now')
      await settle(store, 'c1', 'done')
      await assertRejects(ask('c1'), 'takes nothing more')
      assertEqual(await balance(store), [40, 0], 'charged once')
      await ask('c2')
      assertTrue((await ask('c2', NOON + HOLD_MS)).admitted, 'past the deadline')
      assertEqual(await balance(store, NOON + HOLD_MS), [20, 20], 'what the first took is given back')
      const slots = [creditOf(1), leaseOf('slot', 9)]
      await admit(store, slots, termsFor('c3'), { nowMs: NOON + HOLD_MS })
      await admit(store, slots, termsFor('c3'), { nowMs: NOON + 2 * HOLD_MS })
      assertEqual(await alive(store, 'slot', NOON + 2 * HOLD_MS), 1, 'and what the second took stays')
      await assertRejects(applyOne(store, { kind: 'admit', takes: [daily], admission: 'a' }), 'of no call')
      await store.close()
    },
  },
]
