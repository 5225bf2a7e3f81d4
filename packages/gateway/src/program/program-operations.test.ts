/** What supervisors, balancers, Prometheus and a log collector see of a running gateway. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { applyOne } from 'tollgate/stores'
import { createManualClock } from 'tollgate/testing'
import { putAcme } from '../fixtures/acme.ts'
import { createService, KEY, paidConfig, type Service } from '../fixtures/paid-program.ts'
import type { FileInput } from '../config/shape/file-shape.ts'
import { loadConfig } from '../config/load-config.ts'
import { formatProblem } from '../config/read/config-problem.ts'
import { createJsonLog } from '../platform/log.ts'
import { parseMetrics, type Family } from '../metrics/fixtures/parse-metrics.ts'
import { startGateway, type GatewayStart, type RunningGateway } from './program.ts'

const TOKEN = 'a-token-for-this-test-only'
const SCRAPE = 'a-token-that-only-scrapes'

let folder: string
let service: Service
const running: RunningGateway[] = []

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tollgate-operations-'))
  service = await createService()
})
afterEach(async () => {
  await Promise.all(running.splice(0).map((gateway) => gateway.close()))
  rmSync(folder, { recursive: true })
})

type Settings = Partial<Pick<FileInput, 'metrics' | 'log' | 'shutdown'>> & { readonly health?: boolean; readonly file?: string }

function configOf({ health = false, file, ...settings }: Settings = {}): FileInput {
  const config = paidConfig(service.port, file === undefined ? {} : { file })
  return { ...config, listen: { ...config.listen, health }, metrics: { token: SCRAPE }, ...settings }
}

async function start(settings: Settings = {}, more: Partial<GatewayStart> = {}): Promise<RunningGateway> {
  const gateway = await startGateway({ config: configOf(settings), baseDir: folder, env: {}, ...more })
  running.push(gateway)
  return gateway
}

/** One account with 10.00 and a key, if they are not there yet. */
async function furnish({ directory, store }: RunningGateway): Promise<void> {
  await putAcme(directory, { api: 'nexalayer', key: KEY })
  await applyOne(store, { kind: 'grant', subject: 'account:acme', name: 'credit', scale: 2, grantId: 'first', units: 1_000, reason: 'test' })
}

const call = (gateway: RunningGateway, path: string, headers: Record<string, string> = { 'x-api-key': KEY }): Promise<Response> =>
  fetch(`${gateway.url}${path}`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: '{}' })

const scrape = async (gateway: RunningGateway): Promise<readonly Family[]> => parseMetrics(await (await fetch(`${gateway.adminUrl}/metrics`, { headers: { authorization: `Bearer ${SCRAPE}` } })).text())

function valueOf(families: readonly Family[], name: string, labels: Record<string, string> = {}): number | undefined {
  const matching = families.flatMap(({ samples }) => samples).filter((sample) => sample.name === name && Object.entries(labels).every(([label, value]) => sample.labels[label] === value))
  return matching.length === 0 ? undefined : matching.reduce((sum, { value }) => sum + value, 0)
}

describe('health', () => {
  it('is told at the admin port without a token, whatever the method asks, and is in no log', async () => {
    const gateway = await start()
    const healthy = await fetch(`${gateway.adminUrl}/healthz`)
    expect([healthy.status, await healthy.text()]).toEqual([200, '{"status":"ok"}\n'])
    const ready = await fetch(`${gateway.adminUrl}/readyz`)
    expect([ready.status, await ready.text(), ready.headers.get('cache-control')]).toEqual([200, '{"status":"ready"}\n', 'no-store'])
    const head = await fetch(`${gateway.adminUrl}/readyz`, { method: 'HEAD' })
    expect([head.status, await head.text()]).toEqual([200, ''])
    const post = await fetch(`${gateway.adminUrl}/readyz`, { method: 'POST' })
    expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
    expect((await fetch(`${gateway.adminUrl}/v1/status`)).status).toBe(401)
    expect(await gateway.store.requests({ limit: 10 })).toEqual([])
  })

  it('is told in front only if that is asked for, before any API and its keys', async () => {
    const closed = await start()
    expect((await fetch(`${closed.url}/healthz`)).status).toBe(404)
    const open = await start({ health: true })
    for (const path of ['/healthz', '/readyz', '/readyz?from=balancer']) expect((await fetch(`${open.url}${path}`)).status).toBe(200)
    expect((await fetch(`${open.url}/readyz`, { method: 'HEAD' })).status).toBe(200)
    expect((await fetch(`${open.url}/healthz/more`)).status).toBe(404)
    expect((await open.store.requests({ limit: 10 })).map(({ path }) => path)).toEqual(['/healthz/more'])
  })

  it('check warns of a route that could never be reached', () => {
    const config = configOf({ health: true })
    const own = { ...config, apis: { ...config.apis, own: { mount: '/own', routes: [{ on: 'GET /readyz', public: true }] }, root: { mount: '/', routes: [{ on: 'GET /readyz', public: true }] } } }
    const warningsOf = (from: FileInput) => {
      const loaded = loadConfig(from, { environment: {} })
      return loaded.ok ? loaded.warnings.map(formatProblem) : loaded.problems.map(formatProblem)
    }
    expect(warningsOf(own)).toEqual(['apis.root.routes[0].on: /readyz is answered by listen.health, before any API; leave listen.health out, or give the route another path'])
    expect(warningsOf({ ...own, listen: { port: 0 } })).toEqual([])
  })

  it('is 503 from the moment that the gateway is told to stop, while calls are still answered for the delay', async () => {
    const clock = createManualClock(Date.now())
    const gateway = await start({ health: true, shutdown: { grace: '5s', delay: '2s' } }, { clock })
    await furnish(gateway)
    const closing = gateway.close()
    const ready = await fetch(`${gateway.url}/readyz`)
    expect([ready.status, ready.headers.get('retry-after'), await ready.text()]).toEqual([503, '1', '{"status":"not ready","because":"stopping"}\n'])
    expect((await fetch(`${gateway.adminUrl}/readyz`)).status).toBe(503)
    expect((await fetch(`${gateway.adminUrl}/healthz`)).status).toBe(200)
    expect((await call(gateway, '/nexalayer/v1/work')).status).toBe(200)
    clock.advance(2_000)
    await closing
    await expect(fetch(`${gateway.url}/readyz`)).rejects.toThrow('fetch failed')
  })
})

describe('metrics', () => {
  it('are for operators and for who has the token for them, which opens nothing else', async () => {
    const gateway = await start()
    const status = async (path: string, token?: string) => (await fetch(`${gateway.adminUrl}${path}`, token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } })).status
    expect([await status('/metrics'), await status('/metrics', 'another'), await status('/metrics', SCRAPE), await status('/metrics', TOKEN)]).toEqual([401, 401, 200, 200])
    expect(await status('/v1/status', SCRAPE)).toBe(401)
    const open = await start({ metrics: { public: true } })
    const reply = await fetch(`${open.adminUrl}/metrics`)
    expect([reply.status, reply.headers.get('content-type')]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8'])
  })

  it('count requests, refusals, durations and failures of upstreams', async () => {
    const gateway = await start()
    await furnish(gateway)
    await call(gateway, '/nexalayer/v1/work')
    await call(gateway, '/nexalayer/v1/work', {})
    service.answerBy((_, response) => response.writeHead(500).end())
    await call(gateway, '/nexalayer/v1/work')
    service.answerBy((_, response) => response.socket?.destroy())
    await call(gateway, '/nexalayer/v1/work')
    service.answerBy((_, response) => response.writeHead(401).end())
    await call(gateway, '/nexalayer/v1/work')
    const families = await scrape(gateway)
    const route = { api: 'nexalayer', route: 'POST /v1/work' }
    expect(valueOf(families, 'tollgate_requests_total', { ...route, status: '200' })).toBe(1)
    expect(valueOf(families, 'tollgate_requests_total', { ...route, status: '401' })).toBe(1)
    expect(valueOf(families, 'tollgate_refusals_total', { api: 'nexalayer', reason: 'credential.missing' })).toBe(1)
    expect(families.flatMap(({ samples }) => samples).find(({ labels }) => labels['reason'] === 'credential.missing')?.labels['entry']).not.toBe('none')
    expect(valueOf(families, 'tollgate_request_duration_seconds_count', route)).toBe(5)
    expect(valueOf(families, 'tollgate_request_duration_seconds_bucket', { ...route, le: '+Inf' })).toBe(5)
    for (const kind of ['status_5xx', 'reset', 'refuses_us']) expect([kind, valueOf(families, 'tollgate_upstream_failures_total', { api: 'nexalayer', kind })]).toEqual([kind, 1])
    expect(valueOf(families, 'tollgate_upstream_duration_seconds_count', { api: 'nexalayer' })).toBe(4)
    expect(valueOf(families, 'tollgate_alerts_total', { kind: 'upstream' })).toBeGreaterThan(0)
    expect(valueOf(families, 'tollgate_requests_in_flight', { api: 'nexalayer' })).toBe(0)
    expect(valueOf(families, 'tollgate_ready')).toBe(1)
  })

  it('show a call that is under way, and what it holds; then what it was charged, and what was given back', async () => {
    const gateway = await start({ file: './data.db' })
    await furnish(gateway)
    let answer = (): void => undefined
    const asked = new Promise<void>((resolve) => service.answerBy((_, response) => ((answer = () => void response.end('{}')), resolve())))
    const calling = call(gateway, '/nexalayer/v1/work')
    await asked
    const during = await scrape(gateway)
    expect(valueOf(during, 'tollgate_requests_in_flight', { api: 'nexalayer' })).toBe(1)
    expect(valueOf(during, 'tollgate_money_held', { api: 'nexalayer', balance: 'credit' })).toBeCloseTo(0.1)
    answer()
    await calling
    service.answerBy((_, response) => response.writeHead(404).end())
    await call(gateway, '/nexalayer/v1/work')
    const after = await scrape(gateway)
    const moved = (movement: string) => valueOf(after, 'tollgate_money_moved_total', { api: 'nexalayer', balance: 'credit', movement })
    expect([moved('grant'), moved('hold'), moved('settle'), moved('release'), moved('debit')]).toEqual([10, 0.2, 0.1, 0.1, 0])
    expect(valueOf(after, 'tollgate_money_held', { balance: 'credit' })).toBeCloseTo(0)
    expect(valueOf(after, 'tollgate_store_commits_total', { outcome: 'ok' })).toBeGreaterThan(2)
    expect(valueOf(after, 'tollgate_store_commits_total', { outcome: 'failed' })).toBe(0)
    expect(valueOf(after, 'tollgate_store_commit_duration_seconds_count')).toBeGreaterThan(2)
  })

  it('know after a restart what calls still hold', async () => {
    const gateway = await start({ file: './data.db' })
    await furnish(gateway)
    service.answerBy((_, response) => response.writeHead(504).end())
    await call(gateway, '/nexalayer/v1/work')
    await gateway.close()
    const again = await start({ file: './data.db' })
    await expect.poll(async () => valueOf(await scrape(again), 'tollgate_money_held', { api: 'nexalayer', balance: 'credit' }), { timeout: 10_000 }).toBeCloseTo(0.1)
  })

  it('do not grow by what strangers send: paths, methods, keys, hosts, ids', async () => {
    const gateway = await start()
    const seriesOf = async () => new Set((await scrape(gateway)).filter(({ name }) => name.startsWith('tollgate_')).flatMap(({ samples }) => samples.map(({ name, labels }) => JSON.stringify([name, labels]))))
    const ask = (at: number) => fetch(`${gateway.url}/${at % 2 === 0 ? 'nexalayer' : 'none'}/v1/${at}`, { method: at % 3 === 0 ? 'DELETE' : 'PUT', headers: { 'x-api-key': `ak_${at}`, 'x-request-id': `id-${at}` } })
    for (let at = 0; at < 12; at++) await ask(at)
    const before = await seriesOf()
    for (let at = 100; at < 160; at++) await ask(at)
    expect(await seriesOf()).toEqual(before)
  })

  it('keep to the conventions of names, units and help', async () => {
    const gateway = await start()
    const families = await scrape(gateway)
    expect(families.filter(({ type, name }) => type !== 'counter' && name.endsWith('_total'))).toEqual([])
    const own = families.filter(({ name }) => name.startsWith('tollgate_'))
    expect(own.length).toBeGreaterThan(15)
    for (const { name, type, help, samples } of own) {
      expect(name).toMatch(/^tollgate_[a-z_]+[a-z]$/)
      expect(help).toMatch(/^[A-Z].*\.$/)
      expect([name, type]).toEqual([name, expect.stringMatching(/^(counter|gauge|histogram)$/)])
      // The parser takes `_total` off a counter's name; what is measured is in base units.
      const counted = type === 'counter' ? samples.map((sample) => sample.name) : []
      expect(counted.filter((each) => !each.endsWith('_total'))).toEqual([])
      expect(name).not.toMatch(/_(ms|milliseconds|kb|percent)(_|$)/)
    }
  })
})

describe('the log', () => {
  function logged() {
    const lines: Record<string, unknown>[] = []
    return { log: createJsonLog((line) => void lines.push(JSON.parse(line) as Record<string, unknown>)), requests: () => lines.filter(({ message }) => message === 'request'), lines }
  }

  it('has a line for each request if that is asked for, with what was decided and without secrets', async () => {
    const { log, requests, lines } = logged()
    const gateway = await start({ log: { access: true } }, { log })
    await furnish(gateway)
    await call(gateway, '/nexalayer/v1/work?token=not-for-the-log')
    await call(gateway, '/nexalayer/v1/work', { 'x-api-key': 'ak_wrong_and_secret', 'x-request-id': 'mine-1' })
    await call(gateway, `/nexalayer/v1/keys/${'ak_16neLKgzF5dvNK8q3W8Txnp7zQNaEh921dEEhZ'}`)
    expect(requests()).toEqual([
      expect.objectContaining({ level: 'info', api: 'nexalayer', route: 'POST /v1/work', method: 'POST', path: '/nexalayer/v1/work', status: 200, account: 'acme', keyId: 'key_1', upstreamStatus: 200, bytesIn: 2 }),
      expect.objectContaining({ status: 401, reason: 'credential.invalid', clientRequestId: 'mine-1' }),
      expect.objectContaining({ status: 404, path: '/nexalayer/v1/keys/ak_[redacted]' }),
    ])
    expect(requests()[1]).not.toHaveProperty('account')
    expect(JSON.stringify(lines)).not.toMatch(/not-for-the-log|wrong_and_secret/)
    expect(JSON.stringify(lines)).not.toContain(KEY)
  })

  it('has none unless it is asked for, and a reload turns them on', async () => {
    const { log, requests } = logged()
    const file = join(folder, 'tollgate.json')
    writeFileSync(file, JSON.stringify(configOf()))
    const gateway = await startGateway({ config: file, env: {}, log })
    running.push(gateway)
    await call(gateway, '/nexalayer/v1/work')
    expect(requests()).toEqual([])
    writeFileSync(file, JSON.stringify(configOf({ log: { access: true, level: 'error' } })))
    expect(await gateway.reload()).toEqual({ ok: true })
    await call(gateway, '/nexalayer/v1/work')
    expect(requests()).toHaveLength(1)
  })
})
