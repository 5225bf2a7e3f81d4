/** Refusals in the language that the caller asks for, from the first byte to the request log. */
import { expect, it } from 'vitest'
import { nexalayer } from '../catalog/contracts.ts'
import { defineContract } from '../contract/declare/define-contract.ts'
import { createWorld, nexalayerApi } from './fixtures/paid-world.ts'

const { entries: { productNotFound, invalidKey, ...entries }, ...declaration } = nexalayer.declaration
const contract = defineContract({
  ...declaration,
  language: 'en',
  entries: {
    ...entries,
    invalidKey: { ...invalidKey, message: { en: 'Where is your key?', de: 'Wo ist dein Schlüssel?' } },
    productNotFound: { ...productNotFound, message: { en: 'No such product.', de: 'Dieses Produkt gibt es nicht.' } },
  },
})

it('a refusal of the gate and one of the service are in it, and so is the log', async () => {
  const world = await createWorld({ api: { contract } })
  const german = { headers: ['Content-Type', 'application/json', 'Accept-Language', 'fr', 'accept-language', 'de-DE;q=0.8'] }
  const keyless = await world.run({ ...german, headers: [...german.headers, 'X-API-Key', 'nobody'] })
  expect([keyless.status, keyless.error?.message, keyless.headers['content-language'], keyless.headers['vary']]).toEqual([401, 'Wo ist dein Schlüssel?', 'de', 'Accept-Language'])
  const [row] = await world.store.requests({ limit: 1 })
  expect(row?.refusal?.message).toBe('Wo ist dein Schlüssel?')
  const astray = await world.run({ ...german, target: '/nowhere' })
  expect([astray.headers['content-language'], astray.headers['vary']]).toEqual(['en', 'Accept-Language'])
  const { answer } = world.gate.refuseRaw('credential.missing', {}, { headers: german.headers, remoteAddress: '203.0.113.7' })
  expect(answer.body).toContain('Wo ist dein Schlüssel?')
})

it('a contract of one language is not asked', async () => {
  const world = await createWorld({ api: { contract: nexalayerApi.contract } })
  const answered = await world.run({ headers: ['Accept-Language', 'de'] })
  expect(answered.headers).not.toHaveProperty('content-language')
  expect(answered.headers).not.toHaveProperty('vary')
})
