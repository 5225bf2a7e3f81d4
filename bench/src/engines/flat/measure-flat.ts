/** The same work on databases of all sizes, in turns, so that whatever else the machine does meets all alike. */
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { median } from '../../rounds.ts'
import type { Size } from '../../size/fill.ts'
import { forkChild, type Child } from '../children.ts'
import type { FlatResult } from '../engine-run.ts'
import { watchCpu } from '../server-cpu.ts'
import type { FlatAnswer, FlatDatabase, FlatQuestion } from './flat-question.ts'
import { bytesOfDatabase, fillPostgres } from './fill-postgres.ts'
import { fillSqlite } from './fill-sqlite.ts'

export interface FlatOptions {
  readonly largest: number
  readonly rowsMax: number
  readonly rounds: number
  readonly folder: string
  readonly postgresPid: number
  readonly freshDatabase: () => Promise<string>
  readonly progress: (line: string) => void
  /** Nothing more is begun. */
  readonly isLate: () => boolean
}

interface Filled extends FlatDatabase {
  readonly fillSeconds: number
  readonly bytes: number
}

interface Measured {
  readonly database: Filled
  readonly child: Child<FlatQuestion, FlatAnswer>
  readonly found: Map<string, { readonly cpuMicros: number; readonly p50Ms: number }[]>
}

const ROWS_EACH = 10

export async function measureFlat(options: FlatOptions): Promise<readonly FlatResult[]> {
  const { largest, rowsMax, rounds, postgresPid, progress, isLate } = options
  const databases: Filled[] = []
  for (let accounts = 1_000; accounts <= largest; accounts *= 10) {
    const size = { accounts, keys: accounts, rows: Math.min(ROWS_EACH * accounts, rowsMax) }
    for (const engine of ['postgres', 'sqlite'] as const) {
      if (isLate()) continue
      databases.push(await fill(engine, size, options))
      progress(`filled ${engine} with ${accounts.toLocaleString('en')} accounts in ${databases.at(-1)?.fillSeconds.toFixed(1)} s`)
    }
  }
  const starts = new Map<Filled, FlatAnswer>()
  for (const database of databases) {
    const child = forkChild<FlatQuestion, FlatAnswer>('./flat/child.js', database)
    // Which engines a gateway takes is its own to say.
    starts.set(database, await child.ask({ ask: 'start' }).catch((error: unknown) => (progress(`start on ${database.engine}: ${String(error).split('\n')[0]}`), {})))
    await child.stop()
  }
  const all = databases.map((database): Measured => ({ database, child: forkChild('./flat/child.js', database), found: new Map() }))
  try {
    const names = (await Promise.all(all.map(({ child }) => child.ask({ ask: 'names' }))))[0]?.names ?? []
    for (let round = -1; round < rounds; round += 1) {
      for (const what of names) for (const each of all) if (!isLate() || round < 1) await measureOnce(each, what, postgresPid, round >= 0)
      progress(round < 0 ? 'warm' : `round ${round + 1} of ${rounds} over databases of all sizes`)
    }
    return await Promise.all(all.map((each) => resultOf(each, starts.get(each.database) ?? {})))
  } finally {
    await Promise.all(all.map(({ child }) => child.stop()))
  }
}

async function fill(engine: FlatDatabase['engine'], size: Size, { folder, freshDatabase }: FlatOptions): Promise<Filled> {
  const beganMs = performance.now()
  if (engine === 'postgres') {
    const at = await freshDatabase()
    await fillPostgres(at, size)
    return { ...size, engine, at, fillSeconds: (performance.now() - beganMs) / 1_000, bytes: await bytesOfDatabase(at) }
  }
  const at = join(folder, `${size.accounts}.db`)
  await fillSqlite(at, size)
  return { ...size, engine, at, fillSeconds: (performance.now() - beganMs) / 1_000, bytes: statSync(at).size }
}

async function measureOnce({ database, child, found }: Measured, what: string, postgresPid: number, isCounted: boolean): Promise<void> {
  const server = database.engine === 'postgres' ? watchCpu(postgresPid) : () => 0
  const { cpuMicros = Number.NaN, times = 1, p50Ms = Number.NaN } = await child.ask({ ask: 'run', what })
  if (isCounted) found.set(what, [...(found.get(what) ?? []), { cpuMicros: (cpuMicros + server()) / times, p50Ms }])
}

async function resultOf({ database, child, found }: Measured, { startMs, startCpuMs, reloadMs }: FlatAnswer): Promise<FlatResult> {
  const { heapMegabytes = Number.NaN, residentMegabytes = Number.NaN } = await child.ask({ ask: 'memory' })
  const { at: _, ...size } = database
  const operations = Object.fromEntries([...found].map(([what, each]) => [what, { cpuMicros: median(each.map(({ cpuMicros }) => cpuMicros)), p50Ms: median(each.map(({ p50Ms }) => p50Ms)) }]))
  return { ...size, operations, heapMegabytes, residentMegabytes, startMs, startCpuMs, reloadMs }
}
