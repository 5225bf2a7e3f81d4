/**
 * Every store against a naive model of money: each unit is a coin that lies somewhere, and nothing is ever summed up, merged or cached. Random
 * commands, time and crashes, and an allowance in each day that plans change; after each step the store must say what the coins say, and the ledger must add up by the independent check.
 */
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import type { BalanceStatement } from '../../engine/money/balance-statement.ts'
import type { CallRecord } from '../../engine/calls/call-record.ts'
import type { Renewal, Take } from '../../engine/meters/meter.ts'
import { checkLedger } from '../../engine/money/ledger-check.ts'
import type { LedgerRow } from '../../engine/money/ledger.ts'
import type { Allowance } from '../../engine/money/renewal.ts'
import { applyOne } from '../store.ts'
import { createManualClock } from '../../testing/manual-clock.ts'
import { termsFor, claim, creditOf, debit, extend, grant, leaseOf, NOON, settle, admit } from '../../testing/paid-call.ts'
import { createStoreTime, type TimedStore } from '../../testing/timed-store.ts'
import { createCoinModel, SESSIONS, SLOTS, type CoinModel } from './fixtures/coin-model.ts'
import { createMemoryStore } from './memory.ts'
import type { SqlDatabase } from './sqlite-database.ts'
import { createSqliteStore } from './sqlite.ts'

const KEPT_MS = 15_000

const renewOf = ({ allowance: { carry } }: CoinModel): Renewal => ({ period: 'day', carry })
const allowanceOf = (model: CoinModel): Allowance => ({ scale: 2, units: model.allowance.units, renew: renewOf(model) })
const renewingOf = (cost: number, model: CoinModel): Take => ({ ...creditOf(cost), meter: { kind: 'balance', scale: 2, renew: renewOf(model) }, limit: model.allowance.units })

async function summaryOf(store: TimedStore, model: CoinModel): Promise<ReturnType<CoinModel['summary']>> {
  const [credit, session, slot] = await store.at(model.nowMs).peek([renewingOf(0, model), leaseOf('session', SESSIONS), leaseOf('slot', SLOTS)])
  const calls = await store.calls({ limit: 1_000 })
  const leases = await store.leases({ accountId: 'a', limit: 1_000 })
  const heldBy = (call: CallRecord): number => call.holds.reduce((sum, hold) => sum + hold.parts.reduce((units, part) => units + part.units, 0), 0)
  return {
    available: credit?.remaining ?? NaN,
    held: credit?.used ?? NaN,
    sessions: session?.used ?? NaN,
    slots: slot?.used ?? NaN,
    calls: calls.map((call) => `${call.id} ${call.state} ${call.chargedUnits} ${heldBy(call)}`).toSorted(),
    leases: leases.map(({ id, state }) => `${id} ${state}`).toSorted(),
  }
}

function sumsOf(statement: BalanceStatement | undefined) {
  const { availableUnits = 0, heldUnits = 0, grantedUnits = 0, chargedUnits = 0, expiredUnits = 0, grants = [] } = statement ?? {}
  return { availableUnits, heldUnits, grantedUnits, chargedUnits, expiredUnits, left: grants.reduce((sum, { availableUnits: units }) => sum + units, 0) }
}

/** What is due but not yet written down has been granted and has expired too. */
function sumsOfRows(rows: readonly LedgerRow[], model: CoinModel): ReturnType<typeof sumsOf> {
  const { available, held } = model.summary()
  const sumOf = (kind: LedgerRow['kind']): number => rows.reduce((sum, row) => (row.kind === kind ? sum + row.units : sum), 0)
  const [grantedUnits, chargedUnits] = [sumOf('grant') + model.dueUnits(), sumOf('settle') + sumOf('debit')]
  return { availableUnits: available, heldUnits: held, grantedUnits, chargedUnits, expiredUnits: grantedUnits - chargedUnits - available - held, left: available }
}

const ttl = fc.constantFrom(1_000, 3_000, 10_000, 30_000)
const step = fc.oneof(
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('grant' as const), grantId: fc.constantFrom('g1', 'g2', 'g3', 'g4', 'g5', 'g6'), units: fc.integer({ min: 1, max: 20 }), ttl: fc.option(ttl, { nil: undefined }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('debit' as const), debitId: fc.constantFrom('g1', 'd2', 'd3', 'd4'), units: fc.integer({ min: 1, max: 12 }) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('begin' as const),
      key: fc.option(fc.constantFrom('k1', 'k2'), { nil: undefined }),
      fingerprint: fc.constantFrom('f', 'f', 'f', 'g'),
      redispatch: fc.boolean(),
      cost: fc.nat(8),
      session: fc.constantFrom(0, 0, 1, 2),
      slot: fc.constantFrom(0, 1),
      dispatch: fc.boolean(),
      onExpiry: fc.constantFrom('release' as const, 'charge' as const),
      ttl,
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('plan' as const), units: fc.constantFrom(0, 3, 8), carry: fc.constantFrom(0, 0, 1, 2) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(43_199_999, 43_200_000, 86_400_000, 200_000_000) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('dispatch' as const), which: fc.nat(6) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('extend' as const), which: fc.nat(2), fence: fc.option(fc.constantFrom(1, 2), { nil: undefined }), ttl }) },
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('settle' as const), which: fc.nat(6), outcome: fc.constantFrom('done' as const, 'done' as const, 'released' as const, 'unknown' as const), charge: fc.option(fc.nat(9), { nil: undefined }), answered: fc.boolean(), remembered: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('bind' as const), which: fc.nat(3), lease: fc.constantFrom('s1', 's2', 's3'), ttl }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('renew' as const), lease: fc.constantFrom('s1', 's2', 's3'), ttl }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('end' as const), lease: fc.constantFrom('s1', 's2', 's3'), as: fc.constantFrom('released' as const, 'terminated' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('sweep' as const) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(1, 999, 1_000, 3_000, 10_000, 30_000) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const), crash: fc.boolean() }) },
)

const directory = mkdtempSync(join(tmpdir(), 'tollgate-model-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))
let files = 0

type Engine = new (path: string) => SqlDatabase
const require = createRequire(import.meta.url)
const ownEngine = (process as { getBuiltinModule?: (id: string) => unknown }).getBuiltinModule?.('node:sqlite') as { DatabaseSync: Engine } | undefined
const answer = { status: 200, headers: [], body: '', encoding: 'utf8' } as const

/** A store that can lose what is not on disk: the next one opens a copy of the files as they lie there. */
function createSqliteWorld(Database: Engine) {
  return () => {
    let path = ''
    const time = createStoreTime(createManualClock(NOON))
    const open = (): TimedStore => time.over(createSqliteStore({ database: new Database(path), clock: time.clock, recordsMax: 20 }))
    const nextPath = (): string => join(directory, `${(files += 1)}.db`)
    path = nextPath()
    let store = open()
    return {
      store: () => store,
      async restart(crash: boolean) {
        if (!crash) await store.close()
        const from = path
        path = nextPath()
        for (const end of ['', '-wal']) if (existsSync(from + end)) copyFileSync(from + end, path + end)
        if (crash) await store.close()
        store = open()
      },
    }
  }
}

function createMemoryWorld() {
  const time = createStoreTime(createManualClock(NOON))
  const store = time.over(createMemoryStore({ clock: time.clock }))
  return { store: (): TimedStore => store, restart: undefined }
}

const worlds: readonly (readonly [name: string, create: () => { store(): TimedStore; restart: ((crash: boolean) => Promise<void>) | undefined }])[] = [
  ['memory', createMemoryWorld],
  ['SQLite (libsql)', createSqliteWorld(require('libsql') as Engine)],
  ...(ownEngine === undefined ? [] : [['SQLite (node:sqlite)', createSqliteWorld(ownEngine.DatabaseSync)] as const]),
]

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never
type Acted = Exclude<Step, { readonly kind: 'wait' | 'restart' | 'plan' }>

/** What the store says and what the model foresees; `names` are the calls so far. */
async function carryOut(each: Acted, store: TimedStore, model: CoinModel, names: string[]): Promise<readonly [said: unknown, foreseen: unknown]> {
  const { nowMs } = model
  const idOf = (which: number): string => names.at(-1 - which) ?? 'nobody'
  switch (each.kind) {
    case 'grant': {
      const { grantId, units } = each
      const expiresAtMs = each.ttl === undefined ? undefined : nowMs + each.ttl
      const { granted } = await grant(store, units, { grantId, nowMs, allowance: allowanceOf(model), ...(expiresAtMs !== undefined && { expiresAtMs }) })
      return [granted, model.grant(grantId, units, expiresAtMs ?? Infinity)]
    }
    case 'debit': {
      const { debited, firstUnits } = await debit(store, each.units, { debitId: each.debitId, nowMs, allowance: allowanceOf(model) })
      return [debited ? 'debited' : (firstUnits ?? 'too little'), model.debit(each.debitId, each.units)]
    }
    case 'begin': {
      const { onExpiry, redispatch, dispatch } = each
      const id = `c${names.length + 1}`
      names.push(id)
      const call = termsFor(id, { holdMs: each.ttl, onExpiry })
      if (each.key !== undefined) {
        const key = { scope: each.key, fingerprint: each.fingerprint, keptMs: KEPT_MS }
        const { outcome } = await claim(store, call, key, { nowMs, redispatch })
        const foreseen = model.claim(id, { ...key, keptUntilMs: nowMs + KEPT_MS }, redispatch, nowMs + each.ttl, onExpiry)
        if (outcome !== 'claimed' || foreseen !== outcome) return [outcome, foreseen]
      }
      const takes = [renewingOf(each.cost, model), leaseOf('session', SESSIONS, each.session), leaseOf('slot', SLOTS, each.slot)]
      const { admitted } = await admit(store, takes, call, { nowMs, dispatch })
      return [admitted, model.admit(id, each, nowMs + each.ttl, onExpiry)]
    }
    case 'dispatch': {
      const callId = idOf(each.which)
      return [await applyOne(store.at(nowMs), { kind: 'dispatch', callId }), { dispatched: model.dispatch(callId) }]
    }
    case 'extend': {
      const callId = idOf(each.which)
      const deadlineMs = nowMs + each.ttl
      return [await extend(store, callId, deadlineMs, { nowMs, ...(each.fence !== undefined && { fence: each.fence }) }), model.extend(callId, deadlineMs, each.fence)]
    }
    case 'settle': {
      const { outcome, charge, answered, remembered } = each
      const { settled } = await settle(store, idOf(each.which), outcome, { nowMs, ...(charge !== undefined && { chargeUnits: charge }), ...(answered && { answer }), remembered })
      return [settled, model.settle(idOf(each.which), outcome, charge, answered, remembered)]
    }
    case 'bind': {
      const { bound } = await applyOne(store.at(nowMs), { kind: 'bind-lease', callId: idOf(each.which), api: 'x', id: each.lease, expiresAtMs: nowMs + each.ttl })
      return [bound, model.bind(idOf(each.which), each.lease, nowMs + each.ttl)]
    }
    case 'renew': {
      const { done } = await applyOne(store.at(nowMs), { kind: 'renew-lease', accountId: 'a', id: each.lease, expiresAtMs: nowMs + each.ttl })
      return [done, model.renew(each.lease, nowMs + each.ttl)]
    }
    case 'end': {
      const { done } = await applyOne(store.at(nowMs), { kind: 'end-lease', accountId: 'a', id: each.lease, as: each.as })
      return [done, model.end(each.lease, each.as)]
    }
    case 'sweep':
      await applyOne(store.at(nowMs), { kind: 'sweep', limit: 1_000 })
      return [undefined, undefined]
  }
}

describe.each(worlds)('a %s store', (_, create) => {
  test('keeps each coin where the naive model keeps it, and its ledger adds up', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60 }), async (steps) => {
        const world = create()
        const model = createCoinModel()
        const names: string[] = []
        /** Every call as it was last seen, so that a second charge for a key would be seen. */
        const seen = new Map<string, CallRecord>()
        for (const each of steps) {
          if (each.kind === 'wait') {
            model.pass(each.ms)
            // A command resolves what it is about; that the rest is resolved too is a sweep's work, and here it comes as soon as time has passed.
            model.forget()
            model.resolve()
            await applyOne(world.store().at(model.nowMs), { kind: 'sweep', limit: 1_000 })
            continue
          }
          if (each.kind === 'plan') {
            model.allow(each.units, each.carry)
            continue
          }
          if (each.kind === 'restart') {
            if (world.restart === undefined) continue
            await world.restart(each.crash)
            const survivors = new Set((await world.store().calls({ limit: 1_000 })).map(({ id }) => id))
            model.crash((id) => survivors.has(id))
            continue
          }
          if (each.kind === 'sweep') model.forget()
          const store = world.store()
          const [said, foreseen] = await carryOut(each, store, model, names)
          expect(said).toEqual(foreseen)
          expect(await summaryOf(store, model)).toEqual(model.summary())
          const calls = await store.calls({ limit: 1_000 })
          for (const call of calls) seen.set(call.id, call)
          const gone = [...seen.values()].filter(({ id, state }) => state === 'done' && !calls.some((call) => call.id === id))
          const rows = await store.ledger({ limit: 10_000 })
          expect(checkLedger(rows, [...calls, ...gone])).toEqual([])
          expect(sumsOf(await store.at(model.nowMs).balance('account:a', 'credit', allowanceOf(model)))).toEqual(sumsOfRows(rows, model))
        }
        // No key stays locked and nothing stays held once the last deadline has passed.
        model.pass(10 * 86_400_000)
        const swept = await applyOne(world.store().at(model.nowMs), { kind: 'sweep', limit: 1_000 })
        expect(swept).not.toHaveProperty('nextDueMs')
        expect(await summaryOf(world.store(), model)).toMatchObject({ held: 0, slots: 0 })
        await world.store().close()
      }),
    )
  })
})
