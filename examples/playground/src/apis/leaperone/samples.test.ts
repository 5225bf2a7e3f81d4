import { looksMinted } from 'tollgate/directory'
import { expect, test } from 'vitest'
import { leaperoneRecipes } from './recipes.ts'
import { LEAPERONE_PREFIX, leaperoneKeys, leaperoneSamples } from './samples.ts'
import { leaperoneTraffic } from './traffic.ts'

const given = leaperoneSamples.flatMap(({ keys }) => keys.map(({ secret }) => secret))

test.each(Object.entries(leaperoneKeys))('the public key "%s" has the form and the checksum of a minted key', (_, secret) => {
  expect(looksMinted(secret, LEAPERONE_PREFIX)).toBe(true)
})

test('every key but the unknown one belongs to exactly one account', () => {
  expect(given.toSorted()).toEqual(Object.values(leaperoneKeys).filter((secret) => secret !== leaperoneKeys.unknown).toSorted())
})

test('every key has a user, since windows are counted by user', () => {
  expect(leaperoneSamples.flatMap(({ keys }) => keys.filter(({ userId }) => userId === undefined))).toEqual([])
})

test('each recipe with a key uses one of the public ones', () => {
  const requests = leaperoneRecipes.flatMap(({ before = [], request }) => [...before.map((step) => step.request), request])
  const used = requests.flatMap(({ headers }) => headers['authorization']?.replace(/^\w+ /, '') ?? headers['x-api-key'] ?? [])
  expect(used.filter((secret) => !Object.values<string>(leaperoneKeys).includes(secret))).toEqual([])
})

test('traffic provokes every refusal of the contract now and then', () => {
  const named = new Set(leaperoneTraffic.flatMap((item) => (item.kind === 'recipe' ? [item.recipe] : [])))
  const entries = (ids: (id: string) => boolean) => new Set(leaperoneRecipes.flatMap(({ id, entry }) => (entry !== undefined && ids(id) ? [entry] : [])))
  expect(entries((id) => named.has(id))).toEqual(entries(() => true))
})
