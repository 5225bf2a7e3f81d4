import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import type { FileInput } from '../config/shape/file-shape.ts'
import { createService, paidConfig, startPaid, type PaidProgram } from '../fixtures/paid-program.ts'

/** At most 1.00 a day with one key, paid from the balance or out of nothing. */
function spendConfig(port: number, { limit = '1.00', spend: { scale, ...over } = { scale: 2, each: 'day' } }: { readonly limit?: string; readonly spend?: { readonly scale: number; readonly each?: string; readonly window?: string } } = {}): FileInput {
  const config = paidConfig(port)
  const { tokens: _, ...nexalayer } = (config.apis as Record<string, Record<string, unknown>>)['nexalayer'] ?? {}
  const routes = [
    // Both are of one scale.
    ...(scale === 2 ? [{ on: 'POST /v1/paid', steps: [{ take: ['spending', { meter: 'credit', price: '0.10' }] }] }] : []),
    { on: 'POST /v1/counted', steps: [{ take: [{ meter: 'spending', price: '0.10' }] }] },
  ]
  const meters = { credit: { balance: { scale: 2 }, per: 'account' }, spending: { spend: { scale, ...over }, per: 'key' } }
  return { ...config, apis: { nexalayer: { ...nexalayer, contract: 'problem', credentials: { from: [{ header: 'x-api-key' }], prefix: 'ak_' }, meters, plans: { free: { spending: limit } }, routes } } } as unknown as FileInput
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

/** What the admin API answers to this. */
async function asked({ gateway }: PaidProgram, method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
  const answer = await fetch(`${gateway.adminUrl}${path}`, { method, headers: { authorization: `Bearer ${gateway.adminToken}`, 'content-type': 'application/json' }, ...(body !== undefined && { body: JSON.stringify(body) }) })
  return (await answer.json()) as Record<string, unknown>
}

async function spendingOf(program: PaidProgram): Promise<unknown> {
  const { meters } = (await asked(program, 'GET', '/v1/accounts/acme/usage')) as { readonly meters: readonly { readonly meter: string }[] }
  return meters.find(({ meter }) => meter === 'spending')
}

const statuses = async (program: PaidProgram, count: number): Promise<readonly number[]> => (await Promise.all(Array.from({ length: count }, () => program.send('POST /v1/counted')))).map(({ status }) => status).toSorted()

it('is held to a limit that a key is given while it runs, at once', async () => {
  const service = await createService()
  const program = await startPaid(service, { config: spendConfig(service.port) })
  expect(await statuses(program, 2)).toEqual([200, 200])
  expect(await asked(program, 'PATCH', '/v1/keys/key_1', { limits: { spending: '0.30' } })).toMatchObject({ key: { limits: { spending: '0.30' } } })
  expect(await statuses(program, 2)).toEqual([200, 429])
  expect(await spendingOf(program)).toMatchObject({ used: '0.30', limit: '0.30', remaining: '0.00' })
  await asked(program, 'PATCH', '/v1/keys/key_1', { limits: null })
  expect(await statuses(program, 8)).toEqual([200, 200, 200, 200, 200, 200, 200, 429])
})

it('takes a new limit with a reload, keeps what is spent, and refuses another scale or period', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'tollgate-spend-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  const config = join(directory, 'tollgate.json')
  const service = await createService()
  const write = (change?: Parameters<typeof spendConfig>[1]): void => writeFileSync(config, JSON.stringify(spendConfig(service.port, change)))
  write()
  const program = await startPaid(service, { config })
  const { gateway } = program
  expect(await statuses(program, 11)).toEqual([...Array.from({ length: 10 }, () => 200), 429])

  write({ limit: '1.20' })
  expect(await gateway.reload()).toEqual({ ok: true })
  expect(await statuses(program, 3)).toEqual([200, 200, 429])
  write({ limit: '0.50' })
  expect(await gateway.reload()).toEqual({ ok: true })
  expect(await statuses(program, 1)).toEqual([429])
  expect(await spendingOf(program)).toMatchObject({ used: '1.20', limit: '0.50', remaining: '0.00' })

  const was = 'was money of scale 2 spent in a quota by the day per key and would become'
  for (const [spend, becomes] of [
    [{ scale: 3, each: 'day' }, 'money of scale 3 spent in a quota by the day per key'],
    [{ scale: 2, each: 'month' }, 'money of scale 2 spent in a quota by the month per key'],
    [{ scale: 2, window: '24h' }, 'money of scale 2 spent in a window of 1d per key'],
  ] as const) {
    write({ limit: '9.00', spend })
    const outcome = await gateway.reload()
    const message = `${was} ${becomes}; its counters would lose their meaning, so give the new meter another name`
    const path = ['apis', 'nexalayer', 'meters', 'spending']
    expect(outcome.ok ? [] : outcome.problems).toEqual([{ path, message }])
    expect(await statuses(program, 1)).toEqual([429])
  }
})
