/** What calls, look-ups, start and reload cost on a database of a size. */
import { readFileSync } from 'node:fs'
import { createSystemClock, startGateway } from '@tollgate/gateway'
import { createDirectory } from 'tollgate/directory'
import { StoreUnavailableError, type Take } from 'tollgate/engine'
import type { RequestQuery } from 'tollgate/journal'
import { applyOne, type Store } from 'tollgate/stores'
import { createSqliteStore, type WalkPlace } from 'tollgate/stores/sqlite'
import { median } from '../soak/flatness.ts'
import { createGateWork } from '../work/gate.ts'
import { createTaking } from '../work/meters.ts'
import { createVisits } from '../work/work.ts'
import { accountId, API, FILLED_MS, idOf, openDatabase, plans, secretOf, sha256Hex, type Size } from './fill.ts'

export interface SizeResult extends Size {
  /** CPU µs each, the database's included, by what is done. */
  readonly cpuMicros: { readonly [what: string]: number }
  readonly heapMegabytes: number
  readonly start: { readonly ms: number; readonly cpuMs: number }
  /** Of several the middle one; of all the longest stop of the loop, and the most CPU that its thread took in one turn: the rest of a stop is other processes. */
  readonly reload: { readonly ms: number; readonly cpuMs: number; readonly stallMs: number; readonly longestStallMs: number; readonly turnCpuMs: number }
  /** Of durable admissions, one after the other: alone, while old rows of the log are deleted, while grants expire by the thousand, and while the file is looked through. */
  readonly p99Ms: { readonly alone: number; readonly pruning: number; readonly sweeping: number; readonly walking: number }
}

const TIMES = 2_000
const COMMITS = 400
const RELOADS = 5
/** As the gateway does it. */
const PRUNED_AT_ONCE = 200
const SWEPT_AT_ONCE = 200
const WALKED_AT_ONCE = 500
/** For a disk that stands still: two minutes. */
const WAIT_MS = 100
const WAITS_MAX = 1_200
/** Grants that expire while admissions are measured. */
const EXPIRING = 20_000

export async function measureSize(file: string, { accounts, keys, rows }: Size): Promise<SizeResult> {
  const start = await measureStart(file)
  const clock = createSystemClock()
  const store = createSqliteStore({ database: openDatabase(file), clock })
  const visit = createVisits(accounts)
  const visitRow = createVisits(rows)
  const visitKey = createVisits(keys)
  const takesOf = createTaking()
  const cold = createDirectory({ store, clock, sha256Hex, cacheMax: 2 })
  let calls = 0

  const cpuMicros = {
    'look up a key and its account': await each(async () => must((await cold.findKey(API, secretOf(visit())))?.key)),
    'count four meters': await each(async () => must(await admit(store, takesOf(`account:${accountId(visit())}`)))),
    'a call with a new idempotency key': await each(() => keyedCall(store, `new ${(calls += 1)}`, accountId(visit())), TIMES / 4),
    'find the answer of a known key': await each(async () => must((await store.call(idOf(visitKey())))?.claim)),
    'log a request': await each(async () => {
      await store.apply([{ kind: 'log', row: { requestId: `n${(calls += 1)}`, atMs: Date.now(), durationMs: 1, method: 'GET', path: '/x', remoteAddress: '', api: API, accountId: accountId(visit()), status: 200, meters: [], upstream: [], timings: {}, bytesIn: 0, bytesOut: 0 } }])
    }),
    'a row of the log by its id': await each(async () => must(await store.request(idOf(visitRow())))),
    'a page of the log of an account': await each(() => page(store, { accountId: accountId(visit()) }), TIMES / 4),
    'a page of the log before an instant': await each(() => page(store, { beforeMs: FILLED_MS + visitRow() + 1 }), TIMES / 4),
    'a page of the log with a status': await each(() => page(store, { beforeMs: FILLED_MS + visitRow() + 1, status: { least: 502, most: 502 } }), TIMES / 40),
    'a page of the log with a status that none has': await each(async () => must((await store.requests({ status: { least: 503, most: 503 }, limit: 20 })).length === 0), 1, 0),
    'a page of accounts': await each(async () => must(await cold.listAccounts({ after: accountId(visit()), limit: 20 })), TIMES / 4),
    'which plans are in use': await each(async () => must((await cold.plansInUse()).length === plans.length), TIMES / 4),
  }
  const alone = await p99(store)
  const pruning = await meanwhile(1, async () => (await store.pruneRequests(FILLED_MS + 1e12, PRUNED_AT_ONCE)) > 0, () => p99(store))
  await grantForAMoment(store)
  const sweeping = await meanwhile(1, async () => (await applyOne(store, { kind: 'sweep', limit: SWEPT_AT_ONCE })).grants > 0, () => p99(store))
  let place: WalkPlace | undefined
  const walking = await meanwhile(9, async () => (place = (await store.walk(place, WALKED_AT_ONCE)).next) !== undefined, () => p99(store))
  ;(globalThis as { readonly gc?: () => void }).gc?.()
  const heapMegabytes = process.memoryUsage().heapUsed / 1e6
  await store.close()
  return { accounts, keys, rows, cpuMicros, heapMegabytes, ...start, p99Ms: { alone, pruning, sweeping, walking } }
}

async function page(store: Store, query: Omit<RequestQuery, 'limit'>): Promise<void> {
  must((await store.requests({ ...query, limit: 20 })).length > 0)
}

async function keyedCall(store: Store, id: string, account: string): Promise<void> {
  await applyOne(store, { kind: 'claim', claim: { scope: id, fingerprint: 'f', keptMs: 86_400_000 }, call: { id, accountId: account, holdMs: 60_000, onExpiry: 'release' } })
  await applyOne(store, { kind: 'dispatch', callId: id })
  must((await applyOne(store, { kind: 'settle', callId: id, outcome: 'done', answer: { status: 200, headers: [], body: '{}', encoding: 'utf8' }, reason: 'bench' })).settled)
}

/** Where the disk stands still for a second the store takes nothing that is counted; then it waits and goes on. */
async function admit(store: Store, takes: readonly Take[], durable = false): Promise<boolean> {
  for (let waited = 0; ; waited += 1) {
    try {
      return (await applyOne(store, { kind: 'admit', takes, durable })).admitted
    } catch (error) {
      if (!(error instanceof StoreUnavailableError) || error.applied !== 'no' || waited === WAITS_MAX) throw error
      await new Promise((resolve) => void setTimeout(resolve, WAIT_MS))
    }
  }
}

/** CPU µs of one. The first hundred are not counted. */
async function each(run: () => Promise<void>, times = TIMES, before = 100): Promise<number> {
  for (let count = 0; count < before; count += 1) await run()
  // What waits to be written is written: with nothing to wait for, the loop would never come to it.
  await new Promise((resolve) => void setTimeout(resolve, 300))
  const began = process.cpuUsage()
  for (let count = 0; count < times; count += 1) await run()
  const { user, system } = process.cpuUsage(began)
  return (user + system) / times
}

async function p99(store: Store): Promise<number> {
  const takes = createTaking()('account:p99')
  const tookMs: number[] = []
  for (let count = 0; count < COMMITS; count += 1) {
    const beganMs = performance.now()
    await admit(store, takes, true)
    tookMs.push(performance.now() - beganMs)
  }
  return tookMs.toSorted((a, b) => a - b)[Math.floor(COMMITS * 0.99)] ?? Number.NaN
}

/** As the gateway does it: a slice, then so many times as long for others. `slice`: false where that was the last. */
async function meanwhile<T>(pauseFactor: number, slice: () => Promise<boolean>, run: () => Promise<T>): Promise<T> {
  const over = new AbortController()
  const slicing = (async () => {
    while (!over.signal.aborted) {
      const beganMs = performance.now()
      if (!(await slice())) break
      await new Promise((resolve) => void setTimeout(resolve, Math.max(5, pauseFactor * (performance.now() - beganMs))))
    }
  })()
  const result = await run()
  over.abort()
  await slicing
  return result
}

async function grantForAMoment(store: Store): Promise<void> {
  const expiresAtMs = Date.now() + 1_000
  for (let from = 0; from < EXPIRING; from += 500) {
    await store.apply(Array.from({ length: 500 }, (_, at) => ({ kind: 'grant', subject: `account:expiring_${from + at}`, name: 'credit', scale: 2, grantId: 'g', units: 100, expiresAtMs, reason: 'bench' }) as const))
  }
  await new Promise((resolve) => void setTimeout(resolve, Math.max(0, expiresAtMs - Date.now() + 1)))
}

async function measureStart(file: string): Promise<Pick<SizeResult, 'start' | 'reload'>> {
  const config = {
    listen: { port: 0 },
    admin: { port: 0 },
    store: { sqlite: file },
    upstreams: { up: 'http://127.0.0.1:9' },
    apis: { [API]: { mount: '/', upstream: 'up', contract: 'problem', plans: Object.fromEntries(plans.map((plan) => [plan, {}])), routes: [{ on: 'GET /v1/reports/{id}', public: true }] } },
  } satisfies Parameters<typeof startGateway>[0]['config']
  // What is imported late is not counted.
  await (await startGateway({ config: { ...config, store: 'memory' } })).close()
  const { result: gateway, ...start } = await timed(() => startGateway({ config }))
  let [stallMs, turnCpuMs] = [0, 0]
  let [lastMs, lastCpuMs] = [performance.now(), threadCpuMs()]
  const ticking = setInterval(() => {
    const [nowMs, cpuMs] = [performance.now(), threadCpuMs()]
    stallMs = Math.max(stallMs, nowMs - lastMs - 1)
    turnCpuMs = Math.max(turnCpuMs, cpuMs - lastCpuMs)
    ;[lastMs, lastCpuMs] = [nowMs, cpuMs]
  }, 1)
  const reloads: Omit<SizeResult['reload'], 'longestStallMs' | 'turnCpuMs'>[] = []
  for (let count = 0; count < RELOADS; count += 1) {
    stallMs = 0
    const { result: outcome, ...reload } = await timed(() => gateway.reload())
    must(outcome.ok)
    reloads.push({ ...reload, stallMs })
  }
  clearInterval(ticking)
  await gateway.close()
  const middle = (of: 'ms' | 'cpuMs' | 'stallMs'): number => median(reloads.map((reload) => reload[of]))
  return { start, reload: { ms: middle('ms'), cpuMs: middle('cpuMs'), stallMs: middle('stallMs'), longestStallMs: Math.max(...reloads.map((reload) => reload.stallMs)), turnCpuMs } }
}

/** Of this thread alone, where the system tells. */
function threadCpuMs(): number {
  return process.platform === 'linux' ? Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6 : Number.NaN
}

async function timed<T>(run: () => Promise<T>): Promise<{ readonly result: T; readonly ms: number; readonly cpuMs: number }> {
  const beganMs = performance.now()
  const before = process.cpuUsage()
  const result = await run()
  const { user, system } = process.cpuUsage(before)
  return { result, ms: performance.now() - beganMs, cpuMs: (user + system) / 1_000 }
}

const HEAP_AT = [100_000, 1_000_000] as const

/** Heap after so many requests through the gate, with SQLite. */
export async function measureHeap(): Promise<HeapResult> {
  const work = await createGateWork({ store: 'sqlite', asks: 'metered', waits: true })()
  const megabytes: number[] = []
  let requests = 0
  for (const until of HEAP_AT) {
    while (requests < until) requests += await work.batch()
    ;(globalThis as { readonly gc?: () => void }).gc?.()
    megabytes.push(process.memoryUsage().heapUsed / 1e6)
  }
  await work.close?.()
  return { requests: HEAP_AT, megabytes }
}

export interface HeapResult {
  readonly requests: readonly number[]
  readonly megabytes: readonly number[]
}

function must(value: unknown): void {
  if (value === undefined || value === false) throw new Error('what was to be found was not')
}
