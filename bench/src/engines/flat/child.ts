/** A process with one database open, of one engine and one size, that does what it is told. */
import { connectPostgres, createSystemClock } from '@tollgate/gateway'
import type { Store } from 'tollgate/stores'
import { createPostgresStore } from 'tollgate/stores/postgres'
import { createSqliteStore } from 'tollgate/stores/sqlite'
import { FILLED_MS, idOf, openDatabase } from '../../size/fill.ts'
import { instantOf, mintedIdOf } from './fill-postgres.ts'
import type { FlatAnswer, FlatDatabase, FlatQuestion } from './flat-question.ts'
import { createOperations, type Operation } from './operations.ts'
import { measureStart } from './measure-start.ts'

type Said = { readonly kind: 'done'; readonly done: FlatAnswer } | { readonly kind: 'failed'; readonly error: string }

const database = JSON.parse(process.argv[2] ?? '{}') as FlatDatabase
let opened: Promise<{ readonly store: Store; readonly operations: { readonly [what: string]: Operation } }> | undefined

async function open(): Promise<{ readonly store: Store; readonly operations: { readonly [what: string]: Operation } }> {
  const clock = createSystemClock()
  const { engine, at } = database
  if (engine === 'postgres') {
    const store = await createPostgresStore({ connect: connectPostgres({ url: at }), clock })
    return { store, operations: createOperations({ ...database, store, clock, idOf: mintedIdOf, instantOf }) }
  }
  const store = createSqliteStore({ database: openDatabase(at), clock })
  return { store, operations: createOperations({ ...database, store, clock, idOf: (each) => idOf(each), instantOf: (each) => FILLED_MS + each }) }
}

async function run({ times, atOnce, run: once }: Operation): Promise<FlatAnswer> {
  const waits: number[] = []
  let left = times
  const before = process.cpuUsage()
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while ((left -= 1) >= 0) {
        const askedMs = performance.now()
        await once()
        waits.push(performance.now() - askedMs)
      }
    }),
  )
  const { user, system } = process.cpuUsage(before)
  return { cpuMicros: user + system, times, p50Ms: waits.toSorted((a, b) => a - b)[Math.floor(waits.length / 2)] ?? Number.NaN }
}

async function answer(question: FlatQuestion): Promise<FlatAnswer> {
  if (question.ask === 'start') return measureStart(database)
  opened ??= open()
  const { operations } = await opened
  if (question.ask === 'names') return { names: Object.keys(operations) }
  if (question.ask === 'memory') {
    ;(globalThis as { readonly gc?: () => void }).gc?.()
    const { heapUsed, rss } = process.memoryUsage()
    return { heapMegabytes: heapUsed / 1e6, residentMegabytes: rss / 1e6 }
  }
  const operation = operations[question.what]
  if (operation === undefined) throw new Error(`there is no operation ${question.what}`)
  return run(operation)
}

process.on('message', (question: FlatQuestion) => {
  answer(question).then(
    (done) => say({ kind: 'done', done }),
    (error: unknown) => say({ kind: 'failed', error: error instanceof Error ? error.message : String(error) }),
  )
})
/** Whom it works for may have ended. */
function say(said: Said): void {
  if (process.connected) process.send?.(said)
}

process.once('disconnect', () => {
  void (opened ?? Promise.resolve(undefined)).then((each) => each?.store.close()).finally(() => process.exit())
  setTimeout(() => process.exit(), 3_000).unref()
})
