import { looksMinted } from 'tollgate/directory'
import { expect, test } from 'vitest'
import { aiApiRecipes } from './recipes.ts'
import { AI_API_PREFIX, aiApiKeys, aiApiSamples } from './samples.ts'

const given = aiApiSamples.flatMap(({ keys }) => keys.map(({ secret }) => secret))

test.each(Object.entries(aiApiKeys))('the public key "%s" has the form and the checksum of a minted key', (_, secret) => {
  expect(looksMinted(secret, AI_API_PREFIX)).toBe(true)
})

test('every key but the unknown one belongs to exactly one account', () => {
  expect(given.toSorted()).toEqual(Object.values(aiApiKeys).filter((secret) => secret !== aiApiKeys.unknown).toSorted())
})

test('each key is there because some recipe uses it', () => {
  const used = JSON.stringify(aiApiRecipes)
  expect(Object.values(aiApiKeys).filter((secret) => !used.includes(secret))).toEqual([])
})
