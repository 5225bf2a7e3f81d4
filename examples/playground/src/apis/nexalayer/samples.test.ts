import { looksMinted } from 'tollgate/directory'
import { expect, test } from 'vitest'
import { nexalayerRecipes } from './recipes.ts'
import { NEXALAYER_PREFIX, nexalayerKeys, nexalayerSamples, nexalayerSecrets } from './samples.ts'
import { nexalayerTraffic } from './traffic.ts'

const keys = nexalayerSamples.flatMap((sample) => sample.keys)

test.each(Object.entries(nexalayerKeys))('the public key "%s" has the form and the checksum of a minted key', (_, secret) => {
  expect(looksMinted(secret, NEXALAYER_PREFIX)).toBe(true)
})

test.each(Object.entries(nexalayerSecrets))('so has the secret "%s"', (_, secret) => {
  expect(looksMinted(secret, 'as_')).toBe(true)
})

test('every key but the unknown one belongs to exactly one account, every secret but the wrong one to one key', () => {
  expect(keys.map(({ secret }) => secret).toSorted()).toEqual(Object.values(nexalayerKeys).filter((secret) => secret !== nexalayerKeys.unknown).toSorted())
  expect(keys.flatMap(({ tokenSecret }) => tokenSecret ?? []).toSorted()).toEqual(Object.values(nexalayerSecrets).filter((secret) => secret !== nexalayerSecrets.wrong).toSorted())
})

test('each recipe with a key uses one of the public ones', () => {
  const requests = nexalayerRecipes.flatMap(({ before = [], request }) => [...before.map((step) => step.request), request])
  const used = requests.flatMap(({ headers }) => headers['x-api-key'] ?? [])
  expect(used.filter((secret) => !Object.values<string>(nexalayerKeys).includes(secret))).toEqual([])
})

test('traffic provokes every refusal of the contract now and then', () => {
  const named = new Set(nexalayerTraffic.flatMap((item) => (item.kind === 'recipe' ? [item.recipe] : [])))
  const entries = (ids: (id: string) => boolean) => new Set(nexalayerRecipes.flatMap(({ id, entry }) => (entry !== undefined && ids(id) ? [entry] : [])))
  expect(entries((id) => named.has(id))).toEqual(entries(() => true))
})
