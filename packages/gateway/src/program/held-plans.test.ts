import { createDirectory, type Directory } from 'tollgate/directory'
import type { Store } from 'tollgate/stores'
import { createMemoryStore } from 'tollgate/stores/memory'
import { createManualClock } from 'tollgate/testing'
import { expect, it } from 'vitest'
import type { GatewayConfig } from '../config/gateway-config.ts'
import { sha256Hex } from '../platform/secrets.ts'
import { heldPlans } from './held-plans.ts'

const config = (apis: { readonly [name: string]: readonly string[] }): GatewayConfig =>
  ({ apis: Object.entries(apis).map(([name, plans]) => ({ name, plans: Object.fromEntries(plans.map((plan) => [plan, {}])) })) }) as unknown as GatewayConfig

/** Counts what is read of the store. */
async function withAccounts(count: number, planOf: (at: number) => string): Promise<{ readonly directory: Directory; readonly reads: string[] }> {
  const clock = createManualClock(0)
  const memory = createMemoryStore({ clock })
  const reads: string[] = []
  const store: Store = {
    ...memory,
    list: (collection, page) => (reads.push(`list ${page.limit}`), memory.list(collection, page)),
    parents: (collection, page) => (reads.push('parents'), memory.parents(collection, page)),
  }
  const directory = createDirectory({ store, clock, sha256Hex })
  for (let at = 0; at < count; at += 1) await directory.putAccount({ id: `a${String(at).padStart(4, '0')}`, api: 'x', name: '', status: 'active', plan: planOf(at), createdAtMs: 0 })
  return { directory, reads }
}

it('looks at no account where every plan is there, however many they are', async () => {
  const { directory, reads } = await withAccounts(500, (at) => (at % 2 === 0 ? 'free' : 'pro'))
  expect(await heldPlans(directory, config({ x: ['free', 'pro', 'new'] }))).toEqual([])
  expect(reads).toEqual(['parents'])
})

it('names some of those who are on a plan that is gone, and counts the rest up to a thousand', async () => {
  const { directory, reads } = await withAccounts(1_007, (at) => (at < 6 ? 'gone' : 'free'))
  expect((await heldPlans(directory, config({ x: ['free'], y: [] }))).map(({ path, message }) => [path.join('.'), message.split(';')[0]])).toEqual([
    ['apis.x.plans.gone', 'is missing, but 6 accounts (a0000, a0001, a0002, a0003, a0004, …) are on it'],
  ])
  expect((await heldPlans(directory, config({ x: ['gone'] })))[0]?.message).toContain('more than 1000 accounts (a0006, a0007, a0008, a0009, a0010, …) are on it; ')
  await directory.updateAccount('a0000', (account) => ({ ...account, plan: 'free' }))
  expect((await heldPlans(directory, config({ x: ['free'] })))[0]?.message).toContain('but 5 accounts (a0001, a0002, a0003, a0004, a0005) are on it')
  expect(await heldPlans(directory, config({ y: [] }))).toEqual([])
  expect(reads.filter((read) => read === 'list 1001')).toHaveLength(3)
})
