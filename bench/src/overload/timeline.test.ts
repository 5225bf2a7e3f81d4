import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { queueing, type Fate } from './server-model.ts'
import { createTimeline } from './timeline.ts'

it('what is planned runs in the order of its moments, of one moment in the order of planning, and what is cancelled not at all', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.record({ delayMs: fc.nat(20), isCancelled: fc.boolean() }), { maxLength: 60 }), async (plans) => {
      const timeline = createTimeline(0)
      const ran: { readonly atMs: number; readonly number: number }[] = []
      plans.forEach(({ delayMs, isCancelled }, number) => {
        const cancel = timeline.after(delayMs, () => ran.push({ atMs: timeline.nowMs(), number }))
        if (isCancelled) cancel()
      })
      await timeline.run(() => false, 1_000)
      const expected = plans.flatMap(({ delayMs, isCancelled }, number) => (isCancelled ? [] : [{ atMs: delayMs, number }])).toSorted((a, b) => a.atMs - b.atMs || a.number - b.number)
      expect(ran).toEqual(expected)
    }),
  )
})

it('it stops where it is told, and when it is done', async () => {
  const timeline = createTimeline(0)
  let ran = 0
  for (let at = 1; at <= 10; at += 1) timeline.after(at * 10, () => void (ran += 1))
  await timeline.run(() => ran === 3, 1_000)
  expect([ran, timeline.nowMs()]).toEqual([3, 30])
  await timeline.run(() => false, 55)
  expect(ran).toBe(5)
})

it('the model of a server does in each second what it can, and slows down and speeds up in the middle of a request', async () => {
  const timeline = createTimeline(0)
  const serve = queueing(timeline, { perSecond: 50, queueMax: 20, dip: { fromMs: 1_010, toMs: 2_000, perSecond: 5 } })
  const done: number[] = []
  const refused: number[] = []
  const ask = (): void => serve({ method: 'GET', path: '/', headers: {} }, (fate: Fate) => (fate.kind === 'answer' && fate.status === 200 ? done : refused).push(Math.round(timeline.nowMs())))
  timeline.after(1_000, () => {
    for (let request = 0; request < 10; request += 1) ask()
  })
  await timeline.run(() => false, 10_000)
  // Half of the first at 50 a second, the other half and four more at 5 a second, the next one 45 % of its way: 20 ms × 0.55 after the dip.
  expect(done).toEqual([1_110, 1_310, 1_510, 1_710, 1_910, 2_011, 2_031, 2_051, 2_071, 2_091])
  timeline.after(0, () => {
    for (let request = 0; request < 25; request += 1) ask()
  })
  await timeline.run(() => false, 20_000)
  expect([done.length, refused.length]).toEqual([31, 4])
})
