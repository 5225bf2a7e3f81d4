import { expect, it } from 'vitest'
import type { FileInput } from '../config/shape/file-shape.ts'
import { createService, paidConfig, startPaid } from '../fixtures/paid-program.ts'

/** At most 1.00 a day with one key, paid from the balance or out of nothing. */
function spendConfig(port: number): FileInput {
  const config = paidConfig(port)
  const { tokens: _, ...nexalayer } = (config.apis as Record<string, Record<string, unknown>>)['nexalayer'] ?? {}
  const routes = [
    { on: 'POST /v1/paid', steps: [{ take: ['spending', { meter: 'credit', price: '0.10' }] }] },
    { on: 'POST /v1/counted', steps: [{ take: [{ meter: 'spending', price: '0.10' }] }] },
  ]
  const meters = { credit: { balance: { scale: 2 }, per: 'account' }, spending: { spend: { scale: 2, each: 'day' }, per: 'key' } }
  return { ...config, apis: { nexalayer: { ...nexalayer, contract: 'problem', credentials: { from: [{ header: 'x-api-key' }], prefix: 'ak_' }, meters, plans: { free: { spending: '1.00' } }, routes } } } as unknown as FileInput
}

it('lets a key spend to its limit, to the unit, whoever asks at once, and says what is spent', async () => {
  const service = await createService()
  const program = await startPaid(service, { config: spendConfig(service.port) })
  const answers = await Promise.all(Array.from({ length: 40 }, (_, at) => program.send(at % 2 === 0 ? 'POST /v1/paid' : 'POST /v1/counted')))
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(10)
  const refused = answers.find(({ status }) => status !== 200)
  expect(refused?.status).toBe(429)
  expect(await refused?.json()).toMatchObject({ code: 'quota.exhausted' })
  expect(service.seen).toHaveLength(10)
  const usages = service.seen.map(({ headers }) => (JSON.parse(String(headers['tollgate-usage'])) as { readonly spending: { readonly used: string; readonly limit: string } }).spending)
  expect(usages.map(({ used }) => used).toSorted()).toEqual(['0.10', '0.20', '0.30', '0.40', '0.50', '0.60', '0.70', '0.80', '0.90', '1.00'])
  expect(new Set(usages.map(({ limit }) => limit))).toEqual(new Set(['1.00']))
  const { held, available } = await program.money()
  const paid = service.seen.filter(({ on }) => on.endsWith('/v1/paid')).length
  expect([held, available]).toEqual([0, 500 - 10 * paid])
})

it('keeps what a service charged in the end, and gives back what it refused', async () => {
  const service = await createService()
  const program = await startPaid(service, { config: spendConfig(service.port) })
  service.answerBy((_, response) => response.setHeader('Tollgate-Price', '0.03').end('{}'))
  await program.send('POST /v1/counted')
  service.answerBy((_, response) => response.writeHead(409).end('{}'))
  await program.send('POST /v1/counted')
  const usage = await fetch(`${program.gateway.adminUrl}/v1/accounts/acme/usage`, { headers: { authorization: `Bearer ${program.gateway.adminToken}` } })
  const { meters } = (await usage.json()) as { readonly meters: readonly Record<string, unknown>[] }
  expect(meters.find(({ meter }) => meter === 'spending')).toMatchObject({ kind: 'spend', used: '0.03', limit: '1.00', remaining: '0.97', scale: 2 })
})
