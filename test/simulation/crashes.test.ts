/**
 * Mixed paid traffic before a process that dies at random steps, again and again. A seed repeats its history exactly: one that failed says how.
 */
import { describe, expect, it } from 'vitest'
import { figuresOf } from '../chaos/figures.ts'
import { histories, seeds, simulatedCrashes, sqlCrashes } from '../runs.ts'
import { simulateCrashes } from './crashing.ts'

describe.each(seeds)('from seed %i', (first) => {
  it(`${histories} histories of ${simulatedCrashes} crashes lose no money, charge no key twice, lock nothing, admit no more than the limit, and leave no answer outside the contract`, async () => {
    let orders = 0
    let whole = 0
    for (let seed = first; seed < first + histories; seed += 1) {
      const { wrong, history, deaths } = await simulateCrashes(seed, simulatedCrashes)
      expect(wrong, `PROVE_SEED=${seed} npm run prove -- test/simulation/crashes.test.ts`).toEqual([])
      expect(deaths).toBeGreaterThanOrEqual(simulatedCrashes)
      const figures = figuresOf(history)
      orders += figures.orders
      whole += figures.whole
    }
    // A test in which nothing happens would say as little as one that fails.
    expect(orders / histories).toBeGreaterThan(simulatedCrashes)
    expect(whole / orders).toBeGreaterThan(0.5)
  })
})

it('the same over SQL', async () => {
  for (const seed of seeds) expect((await simulateCrashes(seed, sqlCrashes, { disk: 'sqlite' })).wrong, `PROVE_SEED=${seed}`).toEqual([])
})

it('the same seed is the same history, to the last byte', async () => {
  const first = await simulateCrashes(1, 6)
  expect(await simulateCrashes(1, 6)).toEqual(first)
  expect((await simulateCrashes(2, 6)).history).not.toEqual(first.history)
})
