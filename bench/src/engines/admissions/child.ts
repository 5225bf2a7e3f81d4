/** One of several processes: it has every contender open once it was asked for, and works with one of them for as long as it is told. */
import type { RunningContender, StartOptions } from './contender.ts'
import { postgresContenders } from './on-postgres.ts'
import { valkeyContenders } from './on-valkey.ts'

export interface Work {
  readonly engine: string
  readonly name: string
  /** In this process. */
  readonly callers: number
  readonly accounts: number
  readonly forMs: number
}

export interface Done {
  readonly admissions: number
  readonly seconds: number
  readonly cpuMicros: number
  /** Quantiles of what each took, ms, from the least to the most. */
  readonly waits: readonly number[]
}

export type Said = { readonly kind: 'done'; readonly done: Done } | { readonly kind: 'failed'; readonly error: string }

const QUANTILES = 400

const options = JSON.parse(process.argv[2] ?? '{}') as StartOptions
const running = new Map<string, Promise<RunningContender>>()
let next = 7_919 * (options.process + 1)

function open(engine: string, name: string): Promise<RunningContender> {
  const key = `${engine} ${name}`
  const known = running.get(key)
  if (known !== undefined) return known
  const contender = [...postgresContenders, ...valkeyContenders].find((each) => each.engine === engine && each.name === name)
  if (contender === undefined) throw new Error(`there is no contender ${key}`)
  const opening = contender.start(options)
  running.set(key, opening)
  return opening
}

async function work({ engine, name, callers, accounts, forMs }: Work): Promise<Done> {
  const { admit, upkeep } = await open(engine, name)
  const waits: number[] = []
  const cpu = process.cpuUsage()
  const begunMs = performance.now()
  const isOver = (): boolean => performance.now() - begunMs >= forMs
  // Of one caller it would be a large share, and is none in a gateway, which does it each few seconds.
  const keeping = callers === 1 || upkeep === undefined ? undefined : new Promise((resolve) => void setTimeout(resolve, forMs / 2)).then(upkeep)
  await Promise.all(
    Array.from({ length: callers }, async () => {
      while (!isOver()) {
        const askedMs = performance.now()
        next = (next + 7_919) % accounts
        await admit(next)
        waits.push(performance.now() - askedMs)
      }
    }),
  )
  await keeping
  const seconds = (performance.now() - begunMs) / 1_000
  const { user, system } = process.cpuUsage(cpu)
  const sorted = waits.toSorted((a, b) => a - b)
  const quantiles = Array.from({ length: QUANTILES }, (_, at) => sorted[Math.floor((sorted.length * at) / QUANTILES)] ?? Number.NaN)
  return { admissions: waits.length, seconds, cpuMicros: user + system, waits: quantiles }
}

process.on('message', (asked: Work) => {
  work(asked).then(
    (done) => say({ kind: 'done', done }),
    (error: unknown) => say({ kind: 'failed', error: error instanceof Error ? error.message : String(error) }),
  )
})
/** Whom it works for may have ended. */
function say(said: Said): void {
  if (process.connected) process.send?.(said)
}

process.once('disconnect', () => {
  void Promise.allSettled([...running.values()].map(async (each) => (await each).stop())).then(() => process.exit())
  setTimeout(() => process.exit(), 3_000).unref()
})
