/** The auditor is worth what it finds: each planted fault, within some histories. */
import { describe, expect, it } from 'vitest'
import { simulateCrashes } from './crashing.ts'
import { planted } from './planted.ts'
import type { ShopFaults } from './shop-world.ts'

const SEEDS_MAX = 30
const CRASHES = 12

/** A disk may be so wrong that nobody can read it any more. */
function wrongIn(seed: number, faults: ShopFaults): Promise<readonly string[]> {
  return simulateCrashes(seed, CRASHES, faults).then(({ wrong }) => wrong, (error: unknown) => [`what is on the disk cannot be read: ${String(error)}`])
}

describe('the auditor', () => {
  it.each(planted)('finds $name', async ({ found, faults }) => {
    const said: string[] = []
    for (let seed = 1; seed <= SEEDS_MAX && !said.some((line) => found.test(line)); seed += 1) said.push(...(await wrongIn(seed, faults)))
    expect(said.join('\n')).toMatch(found)
  })
})
