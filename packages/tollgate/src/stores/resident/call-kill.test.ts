/**
 * A process that dies right after each step of a paid, keyed call. What it was told stands; what it was not told, time resolves: no money stays
 * held and no key locked beyond the deadline, and no key is charged twice, however often it is tried again.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkLedger } from '../../engine/money/ledger-check.ts'
import type { Take } from '../../engine/meters/meter.ts'
import type { Command } from '../store.ts'
import { createManualClock } from '../../testing/manual-clock.ts'
import { alive, balance, termsFor, claim, creditOf, HOLD_MS, debit, grant, keyOf, leaseOf, NOON, settle, admit } from '../../testing/paid-call.ts'
import { createStoreTime, type TimedStore } from '../../testing/timed-store.ts'
import { writeStoreProgram } from './fixtures/store-program.ts'
import type { SqlDatabase } from './sqlite-database.ts'
import { createSqliteStore } from './sqlite.ts'

const Database = createRequire(import.meta.url)('libsql') as new (path: string) => SqlDatabase

/** Applies what comes on a line and says so; then waits for the next line, or for its end. */
const child = (sqlite: string) => `
import { writeSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { createRequire } from 'node:module'
import { createSqliteStore } from ${JSON.stringify(sqlite)}
const Database = createRequire(${JSON.stringify(import.meta.url)})('libsql')
const clock = { wallMs: () => ${NOON}, monotonicMs: () => performance.now(), after: (ms, run) => { const timer = setTimeout(run, ms); return () => clearTimeout(timer) } }
const store = createSqliteStore({ database: new Database(process.argv[2]), clock })
for await (const line of createInterface({ input: process.stdin })) {
  const results = await store.apply([JSON.parse(line)])
  writeSync(1, JSON.stringify(results[0]) + '\\n')
}
`

const answer = { status: 201, headers: [], body: '{}', encoding: 'utf8' } as const
const first = { call: termsFor('c1'), key: keyOf('k') }
const stage = [creditOf(30), leaseOf('slot', 5), leaseOf('session', 5)]
const endings: { readonly [name: string]: readonly Command[] } = {
  done: [
    { kind: 'bind-lease', callId: 'c1', api: 'x', id: 's1', expiresAtMs: NOON + HOLD_MS },
    { kind: 'settle', callId: 'c1', outcome: 'done', chargeUnits: 20, answer, reason: 'price' },
    { kind: 'end-lease', accountId: 'a', id: 's1', as: 'terminated' },
  ],
  released: [{ kind: 'settle', callId: 'c1', outcome: 'released', reason: 'upstream.failed' }],
  'unknown, then taken over': [
    { kind: 'settle', callId: 'c1', outcome: 'unknown', reason: 'upstream.timeout' },
    { kind: 'claim', claim: first.key, call: termsFor('c2'), redispatch: true },
    { kind: 'admit', takes: stage, call: termsFor('c2'), dispatch: true },
    { kind: 'settle', callId: 'c2', fence: 2, outcome: 'done', chargeUnits: 20, answer, reason: 'price' },
  ],
}
const beginning: readonly Command[] = [
  { kind: 'grant', subject: 'account:a', name: 'credit', scale: 2, grantId: 'g1', units: 100, reason: 'recharge' },
  { kind: 'claim', claim: first.key, call: first.call },
  { kind: 'admit', takes: stage, call: first.call },
  { kind: 'dispatch', callId: 'c1' },
]
const cases = Object.entries(endings).flatMap(([ending, last]) => {
  const steps = [...beginning, ...last]
  // What begins all of them is shown once.
  return steps.map((step, at) => ({ ending, at: at + 1, kind: step.kind, steps })).filter(({ at }) => ending === 'done' || at > beginning.length)
})

let directory: string
beforeAll(() => {
  directory = writeStoreProgram(child)
})
afterAll(() => rmSync(directory, { recursive: true, force: true }))

async function runAndKill(path: string, commands: readonly Command[]): Promise<void> {
  const running = spawn(process.execPath, [join(directory, 'child.js'), path], { stdio: ['pipe', 'pipe', 'inherit'] })
  let lines = 0
  running.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    lines += chunk.split('\n').length - 1
    const next = commands[lines]
    if (next === undefined) running.kill('SIGKILL')
    else running.stdin.write(`${JSON.stringify(next)}\n`)
  })
  running.stdin.on('error', () => undefined)
  running.stdin.write(`${JSON.stringify(commands[0])}\n`)
  await once(running, 'close')
  expect([running.signalCode, lines]).toEqual(['SIGKILL', commands.length])
}

function openKilled(path: string): TimedStore {
  const time = createStoreTime(createManualClock(NOON))
  return time.over(createSqliteStore({ database: new Database(path), clock: time.clock }))
}

/** The caller tries the same key again until it has an answer. */
async function tryAgain(store: TimedStore, id: string, atMs: number): Promise<string> {
  const call = termsFor(id)
  const met = await claim(store, call, keyOf('k', { keptMs: HOLD_MS }), { nowMs: atMs })
  if (met.outcome !== 'claimed') return met.outcome
  const { admitted } = await admit(store, [creditOf(30)], call, { nowMs: atMs, dispatch: true })
  expect(admitted).toBe(true)
  return (await settle(store, id, 'done', { chargeUnits: 20, answer, nowMs: atMs })).call?.state ?? 'gone'
}

describe.each(cases)('killed after step $at of "$ending" ($kind)', ({ ending, at, steps }) => {
  test('what was acknowledged stands, the deadline resolves the rest, and the key is charged once', async () => {
    const path = join(directory, `${ending.replaceAll(/\W/g, '')}-${at}.db`)
    await runAndKill(path, steps.slice(0, at))
    const store = openKilled(path)

    const done = steps.slice(0, at)
    const last = done.findLast((step) => step.kind !== 'end-lease' && step.kind !== 'bind-lease')
    const isHeld = last?.kind === 'admit' || last?.kind === 'dispatch' || (last?.kind === 'settle' && last.outcome === 'unknown') || (last?.kind === 'claim' && at > beginning.length)
    const isCharged = last?.kind === 'settle' && last.outcome === 'done'
    expect(await balance(store)).toEqual(isHeld ? [70, 30] : isCharged ? [80, 0] : [100, 0])
    expect(await alive(store, 'slot')).toBe(0)
    expect((await store.lease('x', 's1'))?.state).toBe(ending === 'done' ? ['active', 'active', 'terminated'][at - beginning.length - 1] : undefined)
    expect(checkLedger(await store.ledger({ limit: 100 }), await store.calls({ limit: 100 }))).toEqual([])

    const laterMs = NOON + HOLD_MS
    const seen = new Map((await store.calls({ limit: 100 })).map((call) => [call.id, call]))
    await store.at(laterMs).apply([{ kind: 'sweep', limit: 100 }])
    expect(await balance(store, laterMs)).toEqual(isCharged ? [80, 0] : [100, 0])
    expect(await alive(store, 'session', laterMs)).toBe(0)
    expect(await tryAgain(store, 'c8', laterMs)).toBe(isCharged ? 'replay' : 'done')
    expect(await tryAgain(store, 'c9', laterMs)).toBe('replay')
    expect(await balance(store, laterMs)).toEqual([80, 0])
    for (const call of await store.calls({ limit: 100 })) seen.set(call.id, call)
    const living = [...seen.values()].filter(({ id, state }) => state === 'done' || ['c8', 'c9'].includes(id))
    expect(checkLedger(await store.ledger({ limit: 100 }), living)).toEqual([])
    expect((await grant(store, 1)).granted).toBe(false)
    await store.close()
  })
})

test('killed after a debit: it stands, is not made again, and what a call held beside it comes back at its deadline', async () => {
  const path = join(directory, 'debit.db')
  await runAndKill(path, [...beginning, { kind: 'debit', subject: 'account:a', name: 'credit', scale: 2, debitId: 'd1', units: 15, reason: 'correction' }])
  const store = openKilled(path)
  expect(await balance(store)).toEqual([55, 30])
  expect(await debit(store, 15)).toMatchObject({ debited: false, firstUnits: 15 })
  expect(await debit(store, 56, { debitId: 'd2' })).toMatchObject({ debited: false, reading: { remaining: 55, used: 30 } })
  await store.at(NOON + HOLD_MS).apply([{ kind: 'sweep', limit: 100 }])
  expect(await balance(store, NOON + HOLD_MS)).toEqual([85, 0])
  expect(checkLedger(await store.ledger({ limit: 100 }), await store.calls({ limit: 100 }))).toEqual([])
  await store.close()
})

test('killed after the first call of a day: its allowance was given, and is not given again', async () => {
  const path = join(directory, 'renewal.db')
  const paid = (cost: number): Take => ({ ...creditOf(cost), meter: { kind: 'balance', scale: 2, renew: { period: 'day' } }, limit: 100 })
  await runAndKill(path, [{ kind: 'admit', takes: [paid(30)], call: termsFor('c1'), dispatch: true }])
  const store = openKilled(path)
  expect(await balance(store)).toEqual([70, 30])
  expect((await admit(store, [paid(71)], termsFor('c2'), { dispatch: true })).admitted).toBe(false)
  expect((await admit(store, [paid(70)], termsFor('c3'), { dispatch: true })).admitted).toBe(true)
  expect((await settle(store, 'c1', 'done', { chargeUnits: 20 })).settled).toBe(true)
  expect((await admit(store, [paid(100)], termsFor('c4'), { dispatch: true, nowMs: NOON + 86_400_000 })).admitted).toBe(true)
  const rows = await store.ledger({ limit: 100 })
  expect(rows.flatMap(({ grantId, kind }) => (kind === 'grant' ? [grantId] : []))).toEqual(['renew:2026-03-10T00:00:00.000Z', 'renew:2026-03-11T00:00:00.000Z'])
  expect(checkLedger(rows, await store.calls({ limit: 100 }))).toEqual([])
  await store.close()
})

test('killed after an extension: the call ends at the new deadline, and no key is locked beyond it', async () => {
  const path = join(directory, 'extend.db')
  const newMs = NOON + 2 * HOLD_MS
  await runAndKill(path, [...beginning, { kind: 'extend', callId: 'c1', fence: 1, holdMs: 2 * HOLD_MS }])
  const store = openKilled(path)
  await store.at(newMs - 1).apply([{ kind: 'sweep', limit: 100 }])
  expect(await balance(store, newMs - 1)).toEqual([70, 30])
  expect(await tryAgain(store, 'c8', newMs - 1)).toBe('in_progress')
  await store.at(newMs).apply([{ kind: 'sweep', limit: 100 }])
  expect(await balance(store, newMs)).toEqual([100, 0])
  expect(checkLedger(await store.ledger({ limit: 100 }), await store.calls({ limit: 100 }))).toEqual([])
  expect(await tryAgain(store, 'c9', newMs)).toBe('done')
  await store.close()
})

test.each(['release', 'charge'] as const)('killed while a call may still spend: it counts until its deadline, and then comes to what onExpiry says: %s', async (onExpiry) => {
  const path = join(directory, `spend-${onExpiry}.db`)
  const spending = (cost: number): Take => ({ subject: 'key:k', name: 'spending', meter: { kind: 'spend', scale: 2, over: { kind: 'quota', period: 'day' } }, limit: 100, cost })
  const admission = (id: string, cost: number): Command => ({ kind: 'admit', takes: [spending(cost)], call: termsFor(id, { onExpiry }), dispatch: true })
  await runAndKill(path, [admission('s1', 30), { kind: 'settle', callId: 's1', outcome: 'done', chargeUnits: 20, reason: 'price' }, admission('s2', 50)])
  const store = openKilled(path)
  async function spent(nowMs: number): Promise<number | undefined> {
    const [reading] = await store.at(nowMs).peek([spending(0)])
    const { used = NaN, resetAtMs = NaN } = reading ?? {}
    expect(checkLedger(await store.ledger({ limit: 100 }), await store.calls({ limit: 100 }), [{ subject: 'key:k', name: 'spending', scale: 2, usedUnits: used, resetAtMs, readAtMs: nowMs }])).toEqual([])
    return reading?.used
  }
  expect(await spent(NOON)).toBe(70)
  expect((await admit(store, [spending(31)], termsFor('s3'), { dispatch: true })).admitted).toBe(false)
  // The same end again changes nothing.
  expect((await settle(store, 's1', 'done', { chargeUnits: 20 })).settled).toBe(true)
  expect(await spent(NOON)).toBe(70)
  await store.at(NOON + HOLD_MS).apply([{ kind: 'sweep', limit: 100 }])
  expect(await spent(NOON + HOLD_MS)).toBe(onExpiry === 'charge' ? 70 : 20)
  await store.close()
})

test.each(['release', 'charge'] as const)('killed while a call reserves: it counts until its deadline, and then comes to what onExpiry says: %s', async (onExpiry) => {
  const path = join(directory, `reserve-${onExpiry}.db`)
  const tokens = (cost: number): Take => ({ subject: 'key:k', name: 'tokens', meter: { kind: 'quota', period: 'day' }, limit: 100, cost, reserved: true })
  const admission = (id: string, cost: number): Command => ({ kind: 'admit', takes: [tokens(cost)], call: termsFor(id, { onExpiry }), dispatch: true })
  await runAndKill(path, [admission('r1', 30), { kind: 'settle', callId: 'r1', outcome: 'done', used: { tokens: 45 }, reason: 'usage' }, admission('r2', 50)])
  const store = openKilled(path)
  const counted = async (nowMs: number): Promise<number | undefined> => (await store.at(nowMs).peek([tokens(0)]))[0]?.used
  expect(await counted(NOON)).toBe(95)
  expect((await settle(store, 'r1', 'done', { used: { tokens: 45 } })).settled).toBe(true)
  expect(await counted(NOON)).toBe(95)
  await store.at(NOON + HOLD_MS).apply([{ kind: 'sweep', limit: 100 }])
  expect(await counted(NOON + HOLD_MS)).toBe(onExpiry === 'charge' ? 95 : 45)
  await store.close()
})
