import { looksMinted } from 'tollgate/directory'
import { expect, test } from 'vitest'
import { chatadsRecipes } from './recipes.ts'
import { CHATADS_PREFIX, chatadsKeys, chatadsSamples } from './samples.ts'

const given = chatadsSamples.flatMap(({ keys }) => keys.map(({ secret }) => secret))

test.each(Object.entries(chatadsKeys))('the public key "%s" has the form and the checksum of a minted key', (_, secret) => {
  expect(looksMinted(secret, CHATADS_PREFIX)).toBe(true)
})

test('every key but the unknown one belongs to exactly one team', () => {
  expect(given.toSorted()).toEqual(Object.values(chatadsKeys).filter((secret) => secret !== chatadsKeys.unknown).toSorted())
})

test('each recipe with a key uses one of the public ones', () => {
  const used = chatadsRecipes.flatMap(({ request }) => request.headers['x-api-key'] ?? [])
  expect(used.filter((secret) => !Object.values<string>(chatadsKeys).includes(secret))).toEqual([])
})
