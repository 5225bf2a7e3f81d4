/** Whoever writes a store over a database that several gateways share needs no more than what the packages export: this one passes what every store must keep. */
import type { FootprintKey } from 'tollgate/engine'
import type { Store } from 'tollgate/stores'
import { storeConformanceCases, type StoreHarness } from 'tollgate/testing'
import { describe, expect, test } from 'vitest'
import { storeCases } from '../runs.ts'
import { createFleet } from './fleet.ts'
import { createRemote, type Remote } from './remote.ts'
import { createSharedStore } from './shared-store.ts'

const WRITERS = 3

describe('of three writers of one remote, each command by the next of them', () => {
  const remotes = new Map<Store, Remote>()
  const open = (remote: Remote): Store => {
    const store = createFleet(Array.from({ length: WRITERS }, () => createSharedStore(remote)))
    remotes.set(store, remote)
    return store
  }
  const harness: StoreHarness = {
    create: (clock) => open(createRemote(clock)),
    reopen: (closed) => open(remotes.get(closed) as Remote),
  }

  for (const { name, run } of storeCases(storeConformanceCases)) test(name, () => expect(run(harness)).resolves.toBeUndefined())

  test('they were in each other\'s way, and decided anew', () => {
    expect([...new Set(remotes.values())].reduce((total, remote) => total + remote.conflicts(), 0)).toBeGreaterThan(50)
  })
})

const kinds: readonly FootprintKey['of'][] = ['subject', 'call', 'scope', 'lease', 'account-lease', 'expiring-leases', 'movement', 'slots', 'call-slots', 'owner', 'due']

test.each(kinds)('a footprint that forgets each %s is found out, by name', async (forgets) => {
  const harness: StoreHarness = { create: (clock) => createSharedStore(createRemote(clock), { forgets }) }
  const said: string[] = []
  for (const { run } of storeCases(storeConformanceCases)) {
    await run(harness).catch((error: unknown) => said.push(String(error)))
    if (said.some((message) => message.includes('the footprint does not name the '))) return
  }
  expect(said).toContain('the footprint does not name the …')
})
