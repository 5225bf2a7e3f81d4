import { describe, expect, test } from 'vitest'
import { footprintOf, type FootprintKey } from '../../engine/footprint.ts'
import { storeConformanceCases } from '../../testing/store-conformance.ts'
import { createLoadedStore } from './fixtures/loaded-store.ts'

describe('a store that loads what a footprint names, decides, and writes', () => {
  for (const { name, run } of storeConformanceCases) test(name, () => expect(run({ create: (clock) => createLoadedStore(clock) })).resolves.toBeUndefined())
})

const kinds: readonly FootprintKey['of'][] = ['subject', 'call', 'scope', 'lease', 'account-lease', 'expiring-leases', 'movement', 'slots', 'call-slots', 'due']

test.each(kinds)('a footprint that forgets each %s is found out, by name', async (forgotten) => {
  const errors: string[] = []
  for (const { run } of storeConformanceCases) {
    const failed = run({ create: (clock) => createLoadedStore(clock, (command) => footprintOf(command).filter(({ of }) => of !== forgotten)) })
    await failed.catch((error: unknown) => errors.push(String(error)))
  }
  expect(errors.some((message) => message.includes('the footprint does not name the '))).toBe(true)
})
