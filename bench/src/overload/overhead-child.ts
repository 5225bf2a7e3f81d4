/** What a call that succeeds at once costs its process in CPU, with each client in turns: `overhead-child.js PORT ROUNDS CALLS NAME…`. */
import { median } from '../rounds.ts'
import { contenders } from './contenders/contenders.ts'
import type { Caller } from './contender.ts'
import type { OverheadFigures } from './overhead.ts'
import { succeed } from './server-model.ts'
import { BASE_URL, memoryNetwork } from './world.ts'

const [port, rounds, calls, ...names] = process.argv.slice(2)
/** No client arms a timer of its own for less; some have none by default. */
const PATIENT_MS = 600_000
const BARE = 'bare fetch'
const WARM_UP_ROUNDS = 10

const chosen = contenders.filter(({ name }) => names.includes(name))
const time = {
  nowMs: () => performance.now(),
  after(delayMs: number, run: () => void) {
    const timer = setTimeout(run, delayMs)
    return () => clearTimeout(timer)
  },
}

async function overLoopback(): Promise<ReadonlyMap<string, Caller>> {
  const baseUrl = `http://127.0.0.1:${port}`
  const callers = new Map<string, Caller>([[BARE, async () => (await fetch(`${baseUrl}/v1/things`)).json()]])
  for (const { name, create } of chosen) callers.set(name, await create({ baseUrl, attemptTimeoutMs: PATIENT_MS, network: { kind: 'loopback' } }))
  return callers
}

async function inMemory(): Promise<ReadonlyMap<string, Caller>> {
  const callers = new Map<string, Caller>()
  for (const { name, dialect, create } of chosen) {
    const network = memoryNetwork({ ...time, run: () => Promise.reject(new Error('it runs by itself')) }, Math.random, (_request, settle) => settle(succeed), dialect, () => {})
    if (network.kind === 'memory' && !callers.has(BARE)) callers.set(BARE, async () => (await network.fetch(`${BASE_URL}/v1/things`)).json())
    callers.set(name, await create({ baseUrl: BASE_URL, attemptTimeoutMs: PATIENT_MS, network }))
  }
  return callers
}

async function microsPerCall(caller: Caller): Promise<number> {
  const before = process.cpuUsage()
  for (let call = 0; call < Number(calls); call += 1) await caller({ kind: 'read' })
  const { user, system } = process.cpuUsage(before)
  return (user + system) / Number(calls)
}

interface Pair {
  readonly bare: number
  readonly micros: number
}

/** Each beside bare fetch alone, in short turns: what runs between them would leave both a cold cache. */
async function measure(callers: ReadonlyMap<string, Caller>): Promise<ReadonlyMap<string, readonly Pair[]>> {
  const bare = callers.get(BARE)
  if (bare === undefined) throw new Error('nothing to compare with')
  const found = new Map<string, readonly Pair[]>()
  for (const [name, caller] of callers) {
    const pairs: Pair[] = []
    for (let round = -WARM_UP_ROUNDS; round < Number(rounds); round += 1) {
      const pair = round % 2 === 0 ? { bare: await microsPerCall(bare), micros: await microsPerCall(caller) } : { micros: await microsPerCall(caller), bare: await microsPerCall(bare) }
      if (round >= 0) pairs.push(pair)
    }
    found.set(name, pairs)
    process.stderr.write('.')
  }
  return found
}

// Real fetch first: one of the clients puts another one in its place.
const real = await measure(await overLoopback())
const memory = await measure(await inMemory())
const figures: readonly OverheadFigures[] = [BARE, ...chosen.map(({ name }) => name)].map((name) => {
  const pairs = real.get(name) ?? []
  return {
    name,
    micros: Number(median(pairs.map(({ micros }) => micros)).toFixed(1)),
    toFetch: Number(median(pairs.map(({ micros, bare }) => micros / bare)).toFixed(4)),
    ownMicros: Number(median((memory.get(name) ?? []).map(({ micros, bare }) => micros - bare)).toFixed(1)),
  }
})
process.stdout.write(`${JSON.stringify(figures)}\n`, () => process.exit(0))
