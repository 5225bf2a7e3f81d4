/** `workers: 2`: the program as several processes that are one gateway to callers and to its operator. */
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isProving } from '../runs.ts'
import { freshDatabase } from '../servers/postgres.ts'
import { call, configOf, operate } from './engine-world.ts'
import { processesOf } from './processes.ts'
import { serve, type, type Running } from './program.ts'

const adminToken = 'an-operator-who-is-known'
let folder: string
let service: Server
let port: number

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tollgate-workers-'))
  service = createServer((_, response) => response.end('{}'))
  await once(service.listen(0, '127.0.0.1'), 'listening')
  port = (service.address() as AddressInfo).port
})

afterAll(() => {
  service.closeAllConnections()
  service.close()
  rmSync(folder, { recursive: true, force: true })
})

function write(change: object): void {
  writeFileSync(join(folder, 'tollgate.yaml'), JSON.stringify({ ...configOf({ postgres: '${DATABASE_URL}' }, port), ...change }))
}

describe('two workers', () => {
  let gateway: Running & { readonly url: string; readonly adminUrl: string }
  const env: { DATABASE_URL?: string } = {}
  const supervisor = (): number => gateway.child.pid ?? 0
  const workers = (): readonly number[] => processesOf(supervisor()).slice(1)
  const asked = () => ({ url: gateway.url, adminUrl: gateway.adminUrl, adminToken })

  beforeAll(async () => {
    env.DATABASE_URL = await freshDatabase()
    write({ workers: 2 })
    gateway = await serve(folder, env)
  })

  afterAll(async () => {
    if (gateway.child.exitCode === null) gateway.child.kill('SIGKILL')
  })

  it('take calls at one address, and both do', async () => {
    expect(workers()).toHaveLength(2)
    await expect.poll(async () => /^tollgate_gateways (\d+)/m.exec(await metrics())?.[1], { interval: 200 }).toBe('2')
    for (let count = 0; count < 20; count += 1) expect((await call(asked(), 'GET', '/v1/public', { connection: 'close' })).status).toBe(200)
    // Added up over both, whichever is asked.
    for (let count = 0; count < 3; count += 1) expect(/^tollgate_requests_total\{.*route="GET \/v1\/public".*\} (\d+)/m.exec(await metrics())?.[1]).toBe('20')
  })

  const metrics = async (): Promise<string> => (await fetch(`${gateway.adminUrl}/metrics`, { headers: { authorization: `Bearer ${adminToken}`, connection: 'close' } })).text()

  it('are one gateway to its operator', async () => {
    const status = (await operate(asked(), 'GET', '/v1/status')) as { readonly pid: number; readonly store: string }
    expect(status).toMatchObject({ pid: supervisor(), store: 'postgres' })
  })

  it('are reloaded by one request, and by one signal', async () => {
    write({ workers: 2, log: { access: true } })
    await operate(asked(), 'POST', '/v1/reload')
    const reloads = (): number => gateway.err().split('configuration reloaded').length - 1
    await expect.poll(reloads).toBe(2)
    gateway.child.kill('SIGHUP')
    await expect.poll(reloads).toBe(4)
    write({ workers: 3 })
    await expect(operate(asked(), 'POST', '/v1/reload')).rejects.toThrow('workers: is 2 and cannot become 3 while running')
  })

  it('one that dies is replaced, and calls go on meanwhile', async () => {
    const [first = 0, second = 0] = workers()
    process.kill(first, 'SIGKILL')
    await expect.poll(() => workers().filter((pid) => pid !== first).length, { interval: 50 }).toBe(2)
    expect(workers()).toContain(second)
    await expect.poll(() => gateway.err()).toContain('a worker takes calls')
    expect(gateway.err()).toContain('"message":"a worker has ended, and is replaced"')
    expect((await call(asked(), 'GET', '/v1/public', { connection: 'close' })).status).toBe(200)
  })

  it('end together when one is asked to stop', async () => {
    const ended = once(gateway.child, 'exit')
    await operate(asked(), 'POST', '/v1/stop')
    expect(await ended).toEqual([0, null])
  })
})

it.runIf(isProving)('more than one over a SQLite file is refused, with what can be written in its place', async () => {
  write({ store: { sqlite: 'tollgate.db' }, workers: 4 })
  for (const command of ['serve', 'check']) {
    const { code, err } = await type([command], folder)
    expect([code, err]).toEqual([2, expect.stringMatching(/tollgate\.yaml:\d+:\d+ workers: 4 need a store that they can share, and a SQLite file is owned by one process; write store: \{ postgres: "\$\{DATABASE_URL\}" \}, or workers: 1\n$/)])
  }
})

it.runIf(isProving)('what stands in the way of one is said once', async () => {
  write({ workers: 2 })
  const { code, err } = await type(['serve'], folder, { DATABASE_URL: 'postgres://tollgate:hunter2@127.0.0.1:1/app' })
  expect(code).toBe(1)
  expect(err.match(/nothing listens at this address/g)).toHaveLength(1)
  expect(err).not.toContain('hunter2')
})
