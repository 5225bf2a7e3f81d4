/** Credits that renew in a whole gateway on a disk: from a reload that begins it, over a change of plan and a restart, into the next month. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkLedger, type Clock } from 'tollgate/engine'
import { expect, it, onTestFinished } from 'vitest'
import { runCli } from '../cli/run-cli.ts'
import type { FileInput } from '../config/shape/file-shape.ts'
import { createService, paidConfig, startPaid, type PaidProgram } from '../fixtures/paid-program.ts'
import { createSystemClock } from '../platform/system-clock.ts'

const NOVEMBER = Date.UTC(2026, 10, 21, 12)
const DAY_MS = 86_400_000

/** Goes on as time does, and may be moved. */
function createMovedClock(): Clock & { pass(ms: number): void } {
  const system = createSystemClock()
  let aheadMs = NOVEMBER - system.wallMs()
  return { ...system, wallMs: () => system.wallMs() + aheadMs, pass: (ms) => void (aheadMs += ms) }
}

/** A call costs 0.10. */
function configOf(port: number, file: string, renewal: object): FileInput {
  const config = paidConfig(port, { file })
  const { tokens: _, ...nexalayer } = (config.apis as Record<string, Record<string, unknown>>)['nexalayer'] ?? {}
  const api = {
    ...nexalayer,
    contract: 'problem',
    credentials: { from: [{ header: 'x-api-key' }], prefix: 'ak_' },
    meters: { credit: { balance: { scale: 2, ...renewal }, per: 'account' } },
    plans: { free: {}, pro: {} },
    routes: [{ on: 'POST /v1/work', steps: [{ take: [{ meter: 'credit', price: '0.10' }] }] }],
  }
  return { ...config, apis: { nexalayer: api } } as unknown as FileInput
}

const statuses = async (program: PaidProgram, calls: number): Promise<string> => (await Promise.all(Array.from({ length: calls }, () => program.send('POST /v1/work')))).map(({ status }) => status).toSorted().join(' ')

async function tollgate({ gateway }: PaidProgram, ...argv: readonly string[]): Promise<string> {
  let out = ''
  let error = ''
  const code = await runCli(argv, {
    stdout: (text) => void (out += text),
    stderr: (text) => void (error += text),
    readStdin: () => Promise.resolve(''),
    env: { TOLLGATE_ADMIN: gateway.adminUrl, TOLLGATE_ADMIN_TOKEN: gateway.adminToken },
    cwd: tmpdir(),
    fetch: globalThis.fetch,
    isTerminal: false,
    onSignal: () => () => undefined,
    exit: () => undefined,
  })
  return `${code === 0 ? '' : `exit ${code}: `}${out}${error}`
}

it('begins with a reload, grows with the plan, goes on after a restart and renews in the next month, and all of it adds up', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'tollgate-renewal-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  const file = join(directory, 'tollgate.db')
  const config = join(directory, 'tollgate.json')
  const service = await createService()
  const clock = createMovedClock()
  const write = (renewal: object): void => writeFileSync(config, JSON.stringify(configOf(service.port, file, renewal)))
  write({})
  // With 5.00 that were granted and keep.
  const first = await startPaid(service, { config, clock })
  expect(await statuses(first, 1)).toBe('200')

  write({ renew: 'month', amount: { free: 1, pro: '1.50' } })
  expect(await first.gateway.reload()).toEqual({ ok: true })
  expect(await tollgate(first, 'credits', 'balance', 'acme')).toMatch(/AVAILABLE .* ALLOWANCE {2}RENEWS\n.* 5\.90 .* 1\.00 {2}2026-12-01T00:00:00\.000Z\n/)
  expect(await tollgate(first, 'credits', 'ledger', 'acme')).not.toContain('renewal')
  expect(await statuses(first, 12)).toBe(Array.from({ length: 12 }, () => '200').join(' '))
  expect(await tollgate(first, 'usage', 'acme')).toMatch(/credit +account:acme +4\.70 +0\.00 +1\.00 {2}2026-12-01T00:00:00\.000Z/)
  expect(await tollgate(first, 'accounts', 'update', 'acme', '--plan', 'pro')).not.toContain('exit')
  expect(await tollgate(first, 'credits', 'balance', 'acme')).toMatch(/ 5\.20 .* 1\.50 {2}2026-12/)
  // The difference pays for it; what was bought is not touched.
  expect(await tollgate(first, 'credits', 'debit', 'acme', '0.20', '--reason', 'a mistake')).toContain('5.00 available')
  await first.gateway.close()

  const again = await startPaid(service, { config, clock })
  expect(await statuses(again, 1)).toBe('200')
  clock.pass(10 * DAY_MS)
  expect(await tollgate(again, 'credits', 'balance', 'acme')).toMatch(/ 6\.20 .* 1\.50 {2}2027-01-01/)
  expect(await tollgate(again, 'credits', 'grant', 'acme', '1.00', '--reason', 'invoice 7', '--id', 'renew:me')).toContain('must not begin with renew:')
  expect(await statuses(again, 2)).toBe('200 200')
  expect(await tollgate(again, 'plans', 'list')).toMatch(/pro +.*1\.50/)
  const { store } = again.gateway
  const rows = await store.ledger({ limit: 1_000 })
  expect(rows.filter(({ reason }) => reason === 'renewal').map(({ kind, units, grantId }) => [kind, units, grantId?.replace(/\d\d:\d\d\.\d{3}Z/, '')])).toEqual([
    ['grant', 100, 'renew:2026-11-01T00:'],
    ['grant', 50, expect.stringMatching(/^renew:2026-11-21T12:.*:150$/)],
    ['grant', 150, 'renew:2026-12-01T00:'],
  ])
  expect(rows.filter(({ reason }) => reason === 'expiry').map(({ units }) => units)).toEqual([20])
  expect(checkLedger(rows, await store.calls({ limit: 1_000 }))).toEqual([])
  expect(await tollgate(again, 'credits', 'check')).toMatch(/^The ledger adds up/)

  // What the next month would bring is not in the way of a deletion, and what is there is written off.
  clock.pass(31 * DAY_MS)
  expect(await tollgate(again, 'accounts', 'delete', 'acme', '--confirm', 'acme')).toContain('has 4.70 of credit;')
  expect(await tollgate(again, 'accounts', 'delete', 'acme', '--confirm', 'acme', '--force')).toContain('4.70')
  expect(await tollgate(again, 'credits', 'check')).toMatch(/^The ledger adds up/)
})
