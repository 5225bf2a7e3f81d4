/** The program as a process of its own, killed with SIGKILL in the middle of a paid call. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, it, onTestFinished } from 'vitest'
import { checkLedger } from 'tollgate/engine'
import { createManualClock } from 'tollgate/testing'
import type { FileInput } from '../config/shape/file-shape.ts'
import { program } from '../../../../test/joined.ts'
import { freePort } from '../fixtures/free-port.ts'
import { act, createService, KEY, paidConfig, promised, startPaid } from '../fixtures/paid-program.ts'

/** Resolves to its URL when it takes requests. */
async function serve(configFile: string) {
  const child = spawn(process.execPath, [program, 'serve', configFile], { stdio: ['ignore', 'ignore', 'pipe'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const said: string[] = []
  for await (const line of createInterface({ input: child.stderr })) {
    said.push(line)
    if (!line.startsWith('{')) continue
    const { message, url } = JSON.parse(line) as { readonly message: string; readonly url: string }
    if (message === 'started') return { child, url }
  }
  throw new Error(`the program did not start: ${said.join('\n')}`)
}

it('kill -9 in the middle of a paid call loses no money: the hold is resolved at its deadline, and a service that has done its work is paid before', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'tollgate-paid-kill-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  const service = await createService()
  const HELD_MS = 600_000
  const change = { file: join(directory, 'tollgate.db'), callsPort: await freePort(), holdFor: `${HELD_MS}ms` }
  const configFile = join(directory, 'tollgate.json')
  writeFileSync(configFile, JSON.stringify(paidConfig(service.port, change)))
  const before = await startPaid(service, change)
  await before.gateway.close()

  const arrived = promised()
  service.answerBy(() => service.seen.length === 2 && arrived.resolve())
  const { child, url } = await serve(configFile)
  const calls = ['one', 'two'].map((key) =>
    fetch(`${url}/nexalayer/v1/keyed`, { method: 'POST', headers: { 'x-api-key': KEY, 'idempotency-key': key }, body: '{}' }).catch(() => 'broken'),
  )
  await arrived.promise
  const exited = once(child, 'exit')
  child.kill('SIGKILL')
  await exited
  expect(await Promise.all(calls)).toEqual(['broken', 'broken'])

  // From here on time stands still until the test moves it, however long the start takes.
  const clock = createManualClock(Date.now())
  const after = await startPaid(service, { ...change, clock })
  expect(await after.money()).toEqual({ available: 480, held: 20 })
  const [paid] = service.seen
  expect(await act(paid?.headers['tollgate-call'], 'charge', { amount: '0.10' })).toEqual({ status: 200, body: { charged: '0.10' } })
  clock.advance(HELD_MS)
  // The sweeper plans its next round once it has been told of the last one: time goes on until it has.
  const moneyLater = async (): Promise<unknown> => (clock.advance(10_000), await after.money())
  await expect.poll(moneyLater).toEqual({ available: 490, held: 0 })
  const { store } = after.gateway
  expect(checkLedger(await store.ledger({ limit: 100 }), await store.calls({ limit: 100 }))).toEqual([])
})

it('kill -9 between what may be spent and what is charged: what is open counts until its deadline, and comes back or stays as the route says', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'tollgate-spend-kill-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  const service = await createService()
  const HELD_MS = 600_000
  const file = join(directory, 'tollgate.db')
  const config = spendConfig(service.port, file, HELD_MS)
  const configFile = join(directory, 'tollgate.json')
  writeFileSync(configFile, JSON.stringify(config))
  const before = await startPaid(service, { config })
  await before.gateway.close()

  const arrived = promised()
  service.answerBy(({ on }, response) => {
    if (on.endsWith('/done')) response.setHeader('Tollgate-Price', '0.15').end('{}')
    else if (service.seen.length === 3) arrived.resolve()
  })
  const { child, url } = await serve(configFile)
  const send = (path: string) => fetch(`${url}/nexalayer/v1/${path}`, { method: 'POST', headers: { 'x-api-key': KEY, 'content-type': 'application/json' }, body: '{}' }).then(({ status }) => status, () => 'broken')
  expect(await send('done')).toBe(200)
  const calls = ['release', 'charge'].map(send)
  await arrived.promise
  const exited = once(child, 'exit')
  child.kill('SIGKILL')
  await exited
  expect(await Promise.all(calls)).toEqual(['broken', 'broken'])

  const clock = createManualClock(Date.now())
  const { gateway } = await startPaid(service, { config, clock })
  const spending = { kind: 'spend', scale: 2, over: { kind: 'window', windowMs: 86_400_000 } } as const
  async function spent(): Promise<number | undefined> {
    const [reading] = await gateway.store.peek([{ subject: 'key:key_1', name: 'spending', meter: spending, limit: 100, cost: 0 }])
    const { subject = '', name = '', used = NaN, resetAtMs = NaN } = reading ?? {}
    expect(checkLedger(await gateway.store.ledger({ limit: 100 }), await gateway.store.calls({ limit: 100 }), [{ subject, name, scale: 2, usedUnits: used, resetAtMs, readAtMs: clock.wallMs() }])).toEqual([])
    return reading?.used
  }
  expect(await spent()).toBe(15 + 20 + 30)
  clock.advance(HELD_MS)
  await expect.poll(async () => (clock.advance(10_000), await spent())).toBe(15 + 30)
})

/** At most 1.00 in a day, of which nothing is paid out of a balance. */
function spendConfig(port: number, file: string, holdMs: number): FileInput {
  const { apis, ...config } = paidConfig(port, { file })
  const { tokens: _, ...nexalayer } = (apis as Record<string, Record<string, unknown>>)['nexalayer'] ?? {}
  const take = (price: string) => [{ meter: 'spending', price }]
  const routes = [
    { on: 'POST /v1/done', steps: [{ take: take('0.40') }] },
    { on: 'POST /v1/release', steps: [{ take: take('0.20'), hold: { for: `${holdMs}ms`, onExpiry: 'release' } }] },
    { on: 'POST /v1/charge', steps: [{ take: take('0.30'), hold: { for: `${holdMs}ms`, onExpiry: 'charge' } }] },
  ]
  const meters = { spending: { spend: { scale: 2, window: '24h' }, per: 'key', limit: '1.00' } }
  return { ...config, apis: { nexalayer: { ...nexalayer, credentials: { from: [{ header: 'x-api-key' }], prefix: 'ak_' }, tables: {}, meters, plans: { free: {} }, routes } } } as unknown as FileInput
}
