/** The auditor is worth what it finds: each planted fault, within some histories. */
import { describe, expect, it } from 'vitest'
import { simulateCrashes } from './crashing.ts'
import { planted } from './planted.ts'

const SEEDS_MAX = 20
const CRASHES = 20

describe('the auditor', () => {
  it.each(planted)('finds $name', async ({ found, faults }) => {
    const said: string[] = []
    for (let seed = 1; seed <= SEEDS_MAX && !said.some((line) => found.test(line)); seed += 1) said.push(...(await simulateCrashes(seed, CRASHES, faults)).wrong)
    expect(said.join('\n')).toMatch(found)
  })
})
