/** Tokens per minute over sockets: reserved before a call, counted by what its answer says, as JSON or as a stream, beside the money of the same answer. */
import { expect, it } from 'vitest'
import type { FileInput } from '../config/shape/file-shape.ts'
import { createService, paidConfig, startPaid, type PaidProgram } from '../fixtures/paid-program.ts'

const TPM = 1_000
const tokens = { amounts: { 'usage.total_tokens': 1 } }

function configOf(port: number): FileInput {
  const config = paidConfig(port)
  const { tokens: _, ...nexalayer } = (config.apis as Record<string, Record<string, unknown>>)['nexalayer'] ?? {}
  const reserved = { meter: 'tpm', reserve: 400, usage: tokens }
  const routes = [
    { on: 'POST /v1/chat', steps: [{ take: [reserved] }] },
    { on: 'POST /v1/paid', steps: [{ take: [reserved, { meter: 'credit', price: '0.50', usage: { per: 100, amounts: { 'usage.total_tokens': '0.01' } } }] }] },
  ]
  const meters = { credit: { balance: { scale: 2 }, per: 'account' }, tpm: { quota: 'day', per: 'key', limit: TPM, uncountOn: [] } }
  return { ...config, apis: { nexalayer: { ...nexalayer, contract: 'problem', credentials: { from: [{ header: 'x-api-key' }], prefix: 'ak_' }, meters, plans: { free: {} }, routes } } } as unknown as FileInput
}

async function start(): Promise<{ readonly program: PaidProgram; readonly answering: (answer: (write: (text: string) => void, head: (type: string) => void) => void) => void }> {
  const service = await createService()
  return {
    program: await startPaid(service, { config: configOf(service.port) }),
    answering: (answer) => service.answerBy((_, response) => (answer((text) => void response.write(text), (type) => void response.writeHead(200, { 'content-type': type })), response.end())),
  }
}

async function counted({ gateway }: PaidProgram): Promise<unknown> {
  const usage = await fetch(`${gateway.adminUrl}/v1/accounts/acme/usage`, { headers: { authorization: `Bearer ${gateway.adminToken}` } })
  const { meters } = (await usage.json()) as { readonly meters: readonly { readonly meter: string; readonly used: number }[] }
  return meters.find(({ meter }) => meter === 'tpm')?.used
}

it.each<[string, string, (total: number) => readonly string[]]>([
  ['JSON', 'application/json', (total) => [`{"usage":{"total_`, `tokens":${total}}}`]],
  ['a stream', 'text/event-stream', (total) => ['data: {"usage":null}\n\n', `data: {"usage":{"total_tokens":${total}}}\n`, '\ndata: [DONE]\n\n']],
])('counts what %s says was used, also above the limit, and then the next call is refused', async (_, type, parts) => {
  const { program, answering } = await start()
  const answered = (total: number): void => answering((write, head) => (head(type), parts(total).forEach(write)))
  answered(30)
  expect(await (await program.send('POST /v1/chat')).text()).toBe(parts(30).join(''))
  expect(await counted(program)).toBe(30)
  answered(150)
  await (await program.send('POST /v1/paid')).text()
  expect([await counted(program), await program.money()]).toEqual([180, { available: 498, held: 0 }])
  answered(1_200)
  await (await program.send('POST /v1/chat')).text()
  expect(await counted(program)).toBe(1_380)
  const refused = await program.send('POST /v1/paid')
  expect([refused.status, await refused.json(), await program.money()]).toMatchObject([429, { code: 'quota.exhausted', limit: TPM, remaining: 0 }, { available: 498, held: 0 }])
})

it('counts what is reserved while a call is under way, lets no more through at once, and shows who holds it', async () => {
  const service = await createService()
  const program = await startPaid(service, { config: configOf(service.port) })
  const waiting: (() => void)[] = []
  service.answerBy((_, response) => void waiting.push(() => response.setHeader('content-type', 'application/json').end('{"usage":{"total_tokens":5}}')))
  const calls = [program.send('POST /v1/chat'), program.send('POST /v1/chat')]
  await expect.poll(() => waiting.length, { timeout: 30_000 }).toBe(2)
  expect((await program.send('POST /v1/chat')).status).toBe(429)
  const shown = await fetch(`${program.gateway.adminUrl}/v1/calls`, { headers: { authorization: `Bearer ${program.gateway.adminToken}` } })
  expect(await shown.json()).toMatchObject({ calls: [{ state: 'dispatched', reserved: [{ meter: 'tpm', subject: 'key:key_1', quantity: 400 }] }, { reserved: [{ quantity: 400 }] }] })
  for (const answer of waiting) answer()
  await Promise.all(calls.map(async (call) => (await call).text()))
  expect(await counted(program)).toBe(10)
})
