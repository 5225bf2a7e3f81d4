/**
 * Two whole gateways over one store, each with its own gate, caches and call API: what one has counted, taken, revoked or answered holds for the other.
 * The clock is turned by hand.
 */
import { createRequire } from 'node:module'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { BEAT_TTL_MS, startHeartbeat } from '../packages/gateway/src/program/heartbeat.ts'
import { createSession, createWorld, nexalayerApi, nothingSent, serve, type Answered, type World } from '../packages/tollgate/src/gate/fixtures/paid-world.ts'
import type { Clock } from '../packages/tollgate/src/engine/clock.ts'
import type { LedgerRow } from '../packages/tollgate/src/engine/money/ledger.ts'
import { checkLedger } from '../packages/tollgate/src/engine/money/ledger-check.ts'
import type { RouteOptions } from '../packages/tollgate/src/gate/gate-options.ts'
import { createMemoryStore } from '../packages/tollgate/src/stores/resident/memory.ts'
import type { SqlDatabase } from '../packages/tollgate/src/stores/resident/sqlite-database.ts'
import { createSqliteStore } from '../packages/tollgate/src/stores/resident/sqlite.ts'
import { applyOne, type Store } from '../packages/tollgate/src/stores/store.ts'
import { atOnce } from './runs.ts'
import { createPostgresDatabase, type PostgresDatabase } from './postgres/stores.ts'
import { ConnectionLost, createRemote, type Remote } from './shared-store/remote.ts'
import { createSharedStore } from './shared-store/shared-store.ts'

const Database = createRequire(import.meta.url)('libsql') as new (path: string) => SqlDatabase

/** What each gateway has of it. */
type Shared = (clock: Clock) => () => Store

const ofOne = (create: (clock: Clock) => Store): Shared => (clock) => {
  const store = create(clock)
  return () => store
}

const ofRemote = (around: (remote: Remote) => Remote = (remote) => remote): Shared => (clock) => {
  const remote = around(createRemote(clock))
  return () => createSharedStore(remote)
}

let database: Promise<PostgresDatabase> | undefined
afterAll(async () => (await database)?.close())

/** Gates begin with a store that is there: each question waits until this one is open. */
const ofPostgres: Shared = (clock) => {
  database ??= createPostgresDatabase()
  const emptied = database.then((each) => each.empty())
  return () => laterStore(Promise.all([database, emptied]).then(([each]) => (each as PostgresDatabase).fleet(1, clock)))
}

const questions = ['apply', 'peek', 'balance', 'call', 'calls', 'lease', 'leases', 'ledger', 'get', 'list', 'parents', 'changes', 'request', 'requests', 'pruneRequests', 'close'] as const satisfies readonly (keyof Store)[]

function laterStore(opening: Promise<Store>): Store {
  const later = questions.map((name) => [name, async (...given: unknown[]) => ((await opening)[name] as (...values: unknown[]) => unknown)(...given)])
  return { ...(Object.fromEntries(later) as Store), highWaterMs: () => 0 }
}

const stores: readonly (readonly [name: string, shared: Shared])[] = [
  ['one store in memory', ofOne((clock) => createMemoryStore({ clock }))],
  ['one store over SQLite', ofOne((clock) => createSqliteStore({ database: new Database(':memory:'), clock }))],
  ['one database elsewhere, with a store each', ofRemote()],
  ['one database of Postgres, with a store each', ofPostgres],
]

const post = (path: string, take: readonly (string | { readonly meter: string; readonly price: { readonly amount: number } })[]): RouteOptions => ({ methods: ['POST'], path, steps: [{ kind: 'take', take }] })
const words = { target: '/nexalayer/v1/words' }
const limited = { target: '/nexalayer/v1/limited' }
const slot = { target: '/nexalayer/v1/slot' }
const renders = { target: '/nexalayer/v1/renders' }

const api = {
  meters: { ...nexalayerApi.meters, burst: { meter: { kind: 'window' as const, windowMs: 60_000, algorithm: 'fixed' as const }, per: 'key' as const, limit: 20 }, credits: { meter: { kind: 'balance' as const, scale: 0, renew: { period: 'month' as const } }, per: 'account' as const, limit: 30 } },
  // 0.10 for each call.
  routes: [createSession, post('/v1/words', [{ meter: 'balance', price: { amount: 10 } }]), post('/v1/limited', ['burst']), post('/v1/slot', ['slots']), post('/v1/renders', [{ meter: 'credits', price: { amount: 1 } }])],
}

interface Pair {
  readonly here: World
  readonly there: World
}

async function createPair(shared: Shared): Promise<Pair> {
  let storeOf: (() => Store) | undefined
  const next = (clock: Clock): Store => (storeOf ??= shared(clock))()
  const here = await createWorld({ api, units: 500, storeOf: next, gate: { owner: 'gw_here' } })
  return { here, there: await createWorld({ api, storeOf: next, beside: here, gate: { owner: 'gw_there' } }) }
}

interface OfBoth {
  readonly here: readonly Answered[]
  readonly there: readonly Answered[]
  readonly all: readonly Answered[]
}

/** Twenty callers of each, one call of theirs after the other. */
async function runOnBoth({ here, there }: Pair, calls: number, sent: { readonly target: string }): Promise<OfBoth> {
  const call = async (gateway: World): Promise<readonly Answered[]> => {
    const answers: Answered[] = []
    for (let count = 0; count < calls / 40; count += 1) answers.push(await gateway.run(sent))
    return answers
  }
  const callers = (gateway: World): Promise<readonly Answered[]> => Promise.all(Array.from({ length: 20 }, () => call(gateway))).then((answers) => answers.flat())
  const [ofHere, ofThere] = await Promise.all([callers(here), callers(there)])
  return { here: ofHere, there: ofThere, all: [...ofHere, ...ofThere] }
}

const withStatus = (answers: readonly Answered[], status: number): number => answers.filter((answer) => answer.status === status).length

describe.each(stores)('two gateways over %s', (_, shared) => {
  let here: World
  let there: World
  let store: Store
  let stopHearts: { readonly here: () => void; readonly there: () => void }

  beforeEach(async () => {
    ;({ here, there } = await createPair(shared))
    store = here.store
    const [hereStops, thereStops] = [await startHeartbeat({ store, clock: here.clock, owner: 'gw_here' }), await startHeartbeat({ store: there.store, clock: here.clock, owner: 'gw_there' })]
    stopHearts = { here: hereStops, there: thereStops }
  })

  afterEach(async () => {
    stopHearts.here()
    stopHearts.there()
    await there.store.close()
    await here.store.close()
  })

  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

  /** In steps in which hearts beat; each beat is heard before time goes on. */
  async function pass(ms: number): Promise<void> {
    for (let passedMs = 0; passedMs < ms; passedMs += 1_000) {
      here.clock.advance(1_000)
      for (const gateway of [here, there]) await applyOne(gateway.store, { kind: 'free', callId: 'nobody' })
      await turn()
    }
  }

  it(`of ${atOnce} calls of 0.10 that come to both at once, 5.00 pay exactly 50`, async () => {
    const answers = await runOnBoth({ here, there }, atOnce, words)
    expect([withStatus(answers.all, 200), withStatus(answers.all, 402)]).toEqual([50, atOnce - 50])
    expect(await there.money()).toEqual({ available: 0, held: 0 })
    expect((await here.ledger()).filter(({ kind }) => kind === 'settle')).toHaveLength(50)
    // Both have had their share.
    for (const answered of [answers.here, answers.there]) expect(withStatus(answered, 200)).toBeGreaterThan(0)
  })

  it('an allowance comes once in each month, however many ask first at both', async () => {
    for (const month of ['2026-11', '2026-12', '2027-01']) {
      const { all } = await runOnBoth({ here, there }, 80, renders)
      expect([month, withStatus(all, 200), withStatus(all, 402)]).toEqual([month, 30, 50])
      here.clock.advance(31 * 86_400_000)
    }
    const rows = await here.store.ledger({ limit: 10_000 })
    expect(rows.flatMap(({ reason, grantId }) => (reason === 'renewal' ? [grantId] : []))).toEqual(['2026-11', '2026-12', '2027-01'].map((month) => `renew:${month}-01T00:00:00.000Z`))
    expect(checkLedger(rows, await here.store.calls({ limit: 10_000 }))).toEqual([])
  })

  it('a rate limit holds over both, and both tell what is left of it', async () => {
    expect((await there.run(limited)).headers['x-ratelimit-remaining']).toBe('19')
    expect((await here.run(limited)).headers['x-ratelimit-remaining']).toBe('18')
    const { all } = await runOnBoth({ here, there }, 120, limited)
    expect([withStatus(all, 200), withStatus(all, 429)]).toEqual([18, 102])
    here.clock.advance(60_000)
    expect(withStatus((await runOnBoth({ here, there }, 120, limited)).all, 200)).toBe(20)
  })

  it('slots are the same for both: one that comes free on one is there for the other', async () => {
    const first = await here.forwarded(slot)
    await there.forwarded(slot)
    for (const gateway of [here, there]) expect((await gateway.answered(slot)).status).toBe(429)
    await first.completed(200, nothingSent)
    await there.forwarded(slot)
    expect((await here.answered(slot)).status).toBe(429)
  })

  it('a key that is revoked on one is refused there at once, and on the other within two seconds, under steady calls and after a pause', async () => {
    const setStatus = (gateway: World, status: 'active' | 'disabled' | 'revoked') => gateway.directory.updateKey('key_1', (key) => ({ ...key, status }))
    for (const gateway of [here, there]) expect((await gateway.run(words)).status).toBe(200)
    await setStatus(here, 'disabled')
    expect((await here.answered(words)).status).toBe(401)
    // It has a cache of its own, which nobody has told yet.
    expect((await there.run(words)).status).toBe(200)
    here.clock.advance(2_000)
    expect((await there.answered(words)).status).toBe(401)

    await setStatus(there, 'active')
    here.clock.advance(2_000)
    for (const gateway of [here, there]) expect((await gateway.run(words)).status).toBe(200)
    await setStatus(there, 'revoked')
    expect((await there.answered(words)).status).toBe(401)
    let admittedUntilMs = 0
    for (let passedMs = 100; passedMs <= 4_000; passedMs += 100) {
      here.clock.advance(100)
      if ((await here.run(words)).status === 200) admittedUntilMs = passedMs
      // What was begun beside the call ends before the next one.
      await turn()
    }
    expect(admittedUntilMs).toBeLessThan(2_000)
  })

  it('what a gateway had whose heart has stopped comes free for the other after its time, and not while it beats', async () => {
    await here.forwarded(slot)
    await here.forwarded(slot)
    await pass(6 * BEAT_TTL_MS)
    expect((await there.answered(slot)).status).toBe(429)
    stopHearts.here()
    expect((await there.answered(slot)).status).toBe(429)
    await pass(BEAT_TTL_MS)
    const [mine] = [await there.forwarded(slot), await there.forwarded(slot)]
    expect((await there.answered(slot)).status).toBe(429)
    // It lives: what it has does not come free by itself.
    await pass(6 * BEAT_TTL_MS)
    expect((await there.answered(slot)).status).toBe(429)
    await mine.completed(200, nothingSent)
    await there.forwarded(slot)
  })

  it('the same idempotency key on both at once runs once; its answer is given by either', async () => {
    for (let round = 0; round < 5; round += 1) {
      const key = `key ${round}`
      const verdicts = await Promise.all([here.send({ key }), there.send({ key })])
      const admitted = verdicts.flatMap((verdict) => (verdict.kind === 'admitted' ? [verdict.admitted] : []))
      expect(admitted).toHaveLength(1)
      expect(verdicts.flatMap((verdict) => (verdict.kind === 'answer' ? [verdict.answer.status] : []))).toEqual([409])
      const first = admitted[0] === undefined ? undefined : await serve(admitted[0], { status: 201, body: `{"round":${round}}` })
      for (const gateway of [here, there]) {
        const again = await gateway.answered({ key })
        expect(again).toMatchObject({ status: 201, body: `{"round":${round}}`, headers: { 'idempotent-replayed': 'true', 'x-request-id': first?.headers['x-request-id'] } })
      }
      expect((await there.answered({ key, body: { config: { product_no: 'P-2' } } })).error?.code).toBe('IDEMPOTENCY_CONFLICT')
    }
    // 1.00 each.
    expect(await here.money()).toEqual({ available: 0, held: 0 })
  })

  it('what a service settles at the other gateway is settled', async () => {
    const admitted = await here.forwarded()
    await serve(admitted, { status: 201, headers: ['tollgate-price', 'later'] })
    expect(await there.money()).toEqual({ available: 400, held: 100 })
    expect((await there.act(admitted, 'lease', { id: 'ses_1', expiresAt: null })).status).toBe(200)
    for (const gateway of [there, here]) expect(await gateway.act(admitted, 'charge', { amount: '0.40' })).toEqual({ status: 200, body: { charged: '0.40' } })
    expect(await here.money()).toEqual({ available: 460, held: 0 })
    expect(await here.alive('sessions')).toBe(1)
    expect((await there.act(admitted, 'release', { lease: 'ses_1' })).body).toMatchObject({ state: 'terminated' })
    expect(await here.alive('sessions')).toBe(0)
  })
})

it('over a database that loses answers no money is taken twice, and none is lost', async () => {
  let loses = false
  let commits = 0
  const { here, there } = await createPair(
    ofRemote((remote) => ({
      ...remote,
      /** Each seventh has no answer; of these every other took effect. */
      async commit(commit) {
        commits += loses ? 1 : 0
        if (!loses || commits % 7 > 0) return remote.commit(commit)
        if (commits % 14 === 0) await remote.commit(commit)
        throw new ConnectionLost('on the way')
      },
    })),
  )
  loses = true
  const { all } = await runOnBoth({ here, there }, 1_000, words)
  loses = false
  expect(commits).toBeGreaterThan(70)
  // Who meets it twice is refused, and has what may have been taken back.
  expect([withStatus(all, 200), withStatus(all, 402) + withStatus(all, 502)]).toEqual([50, 950])
  expect(withStatus(all, 502)).toBeLessThan(100)
  expect(await there.money()).toEqual({ available: 0, held: 0 })
  const rows = await there.store.ledger({ limit: 10_000 })
  const callsOf = (moved: LedgerRow['kind']): readonly string[] => rows.flatMap(({ kind, callId }) => (kind === moved && callId !== undefined ? [callId] : []))
  expect(callsOf('settle')).toHaveLength(50)
  expect(new Set(callsOf('hold')).size).toBe(callsOf('hold').length)
  expect([...callsOf('settle'), ...callsOf('release')].toSorted()).toEqual(callsOf('hold').toSorted())
})
