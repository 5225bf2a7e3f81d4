/** An operator's day with money, by the command line alone, on a whole gateway with a database. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { createService, paidConfig } from '../fixtures/paid-program.ts'
import { startGateway, type RunningGateway } from '../program/program.ts'
import { runCli } from './run-cli.ts'

async function startOnDisk(): Promise<{ readonly gateway: RunningGateway; readonly service: Awaited<ReturnType<typeof createService>> }> {
  const directory = mkdtempSync(join(tmpdir(), 'tollgate-operator-'))
  const service = await createService()
  const gateway = await startGateway({ config: paidConfig(service.port, { file: join(directory, 'tollgate.db') }), env: {} })
  onTestFinished(async () => {
    await gateway.close()
    rmSync(directory, { recursive: true })
  })
  return { gateway, service }
}

/** Prints on stdout; a failure of the command fails the test. */
async function tollgate({ adminUrl, adminToken }: RunningGateway, ...argv: readonly string[]): Promise<string> {
  let out = ''
  let error = ''
  const code = await runCli(argv, {
    stdout: (text) => void (out += text),
    stderr: (text) => void (error += text),
    readStdin: () => Promise.resolve(''),
    env: { TOLLGATE_ADMIN: adminUrl, TOLLGATE_ADMIN_TOKEN: adminToken },
    cwd: tmpdir(),
    fetch: globalThis.fetch,
    isTerminal: false,
    onSignal: () => () => undefined,
    exit: () => undefined,
  })
  if (code !== 0) throw new Error(`tollgate ${argv.join(' ')} exits with ${code}: ${error}`)
  return out
}

async function post(gateway: RunningGateway, path: string, headers: Record<string, string>, body: unknown = {}): Promise<Response> {
  return fetch(`${gateway.url}/nexalayer${path}`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) })
}

const secretsIn = (out: string): readonly string[] => [...out.matchAll(/^ {2}(\w+)$/gm)].map(([, secret = '']) => secret)

it('money that was granted is spent, explained, exported and adds up', async () => {
  const { gateway, service } = await startOnDisk()
  await tollgate(gateway, 'accounts', 'create', '--api', 'nexalayer', '--plan', 'free', '--name', 'Acme', '--id', 'acme', '--limit', 'sessions=1')
  const [key = ''] = secretsIn(await tollgate(gateway, 'keys', 'create', 'acme'))
  expect((await post(gateway, '/v1/work', { 'x-api-key': key })).status).toBe(402)
  await tollgate(gateway, 'credits', 'grant', 'acme', '5.00', '--reason', 'invoice 117')
  service.answerBy((_, response) => response.setHeader('tollgate-price', '0.04').end('{}'))
  expect((await post(gateway, '/v1/work', { 'x-api-key': key })).status).toBe(200)
  service.answerBy((_, response) => response.setHeader('tollgate-price', 'later').end('{}'))
  expect((await post(gateway, '/v1/work', { 'x-api-key': key })).status).toBe(200)

  const { balances } = JSON.parse(await tollgate(gateway, 'credits', 'balance', 'acme', '--json')) as { balances: readonly object[] }
  expect(balances).toMatchObject([{ available: '4.86', held: '0.10', granted: '5.00', charged: '0.04', grants: [{ left: '4.86', reason: 'invoice 117' }] }])
  const { calls } = JSON.parse(await tollgate(gateway, 'calls', 'list', '--state', 'done', '--json')) as { calls: readonly { id: string }[] }
  const explained = await tollgate(gateway, 'request', calls[0]?.id ?? '')
  expect(explained).toContain('How its money moved\n  0.10 held of credit at ')
  expect(explained).toMatch(/ {2}0\.04 charged to credit at .*\n {2}0\.06 given back to credit at /)
  expect((await tollgate(gateway, 'credits', 'export')).trimEnd().split('\r\n')).toHaveLength(1 + 5)
  expect(await tollgate(gateway, 'credits', 'check')).toBe('The ledger adds up: 5 rows, 2 calls.\n')
})

it('keys and secrets are rotated without a gap', async () => {
  const { gateway } = await startOnDisk()
  await tollgate(gateway, 'accounts', 'create', '--api', 'nexalayer', '--plan', 'free', '--name', 'Acme', '--id', 'acme')
  await tollgate(gateway, 'credits', 'grant', 'acme', '5.00', '--reason', 'start')
  const [key = '', secret = ''] = secretsIn(await tollgate(gateway, 'keys', 'create', 'acme', '--with-secret'))
  const { keys } = JSON.parse(await tollgate(gateway, 'keys', 'list', 'acme', '--json')) as { keys: readonly { id: string }[] }
  const id = keys[0]?.id ?? ''
  const tokenFor = (api_key: string, api_secret: string) => post(gateway, '/v1/auth/token', {}, { api_key, api_secret })

  const [newSecret = ''] = secretsIn(await tollgate(gateway, 'keys', 'rotate-secret', id, '--overlap', '1h'))
  for (const each of [secret, newSecret]) expect((await tokenFor(key, each)).status).toBe(200)
  const [newKey = ''] = secretsIn(await tollgate(gateway, 'keys', 'rotate', id, '--overlap', '1h'))
  for (const each of [key, newKey]) {
    const { data } = (await (await tokenFor(each, newSecret)).json()) as { data: { token: string } }
    expect((await post(gateway, '/v1/work', { authorization: `Bearer ${data.token}` })).status).toBe(200)
  }
  await tollgate(gateway, 'keys', 'rotate-secret', id, '--overlap', '0s')
  expect((await tokenFor(key, newSecret)).status).toBe(401)
})
