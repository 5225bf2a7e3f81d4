import { looksMinted } from 'tollgate/directory'
import { expect, test } from 'vitest'
import { joggRecipes } from './recipes.ts'
import { JOGG_PREFIX, joggKeys, joggSamples } from './samples.ts'
import { joggTraffic } from './traffic.ts'

const given = joggSamples.flatMap(({ keys }) => keys.map(({ secret }) => secret))

test.each(Object.entries(joggKeys))('the public key "%s" has the form and the checksum of a minted key', (_, secret) => {
  expect(looksMinted(secret, JOGG_PREFIX)).toBe(true)
})

test('every key but the unknown one belongs to exactly one account', () => {
  expect(given.toSorted()).toEqual(Object.values(joggKeys).filter((secret) => secret !== joggKeys.unknown).toSorted())
})

test('each recipe with a key uses one of the public ones', () => {
  const requests = joggRecipes.flatMap(({ before = [], request }) => [...before.map((step) => step.request), request])
  const used = requests.flatMap(({ headers }) => headers['x-api-key'] ?? [])
  expect(used.filter((secret) => !Object.values<string>(joggKeys).includes(secret))).toEqual([])
})

test('traffic provokes every refusal of the contract now and then', () => {
  const named = new Set(joggTraffic.flatMap((item) => (item.kind === 'recipe' ? [item.recipe] : [])))
  const entries = (ids: (id: string) => boolean) => new Set(joggRecipes.flatMap(({ id, entry }) => (entry !== undefined && ids(id) ? [entry] : [])))
  expect(entries((id) => named.has(id))).toEqual(entries(() => true))
})
