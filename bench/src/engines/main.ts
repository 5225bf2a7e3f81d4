/**
 * Several gateways on engines that they share, beside others: `npm run bench:engines`. Servers of its own on 127.0.0.1; everybody is asked in turns. It ends by itself.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startPostgres } from '@tollgate/example-servers/postgres'
import { startValkey, valkeyPrograms } from '@tollgate/example-servers/valkey'
import { describeMachine } from '../machine.ts'
import { createAdmissionBench } from './admissions/measure-admissions.ts'
import { engineVersions } from './engine-versions.ts'
import type { EnginesRun, FlatResult, SituationResult } from './engine-run.ts'
import { measureFlat } from './flat/measure-flat.ts'
import { parseEnginesOrder, enginesUsage, type EnginesOrder } from './order.ts'
import { saveEngines } from './save-engines.ts'
import { situations, titleOf } from './situations.ts'
import { formatEngines } from './tables.ts'

const parsed = parseEnginesOrder(process.argv.slice(2))
if (parsed.kind === 'help') process.stdout.write(enginesUsage)
else if (parsed.kind === 'wrong') {
  process.stderr.write(`bench: ${parsed.problem}\n`)
  process.exitCode = 2
} else await run(parsed.order)

async function run({ parts, rounds, roundMs, largest, rowsMax, minutes, save }: EnginesOrder): Promise<void> {
  const begunMs = performance.now()
  const untilMs = begunMs + minutes * 60_000
  const progress = (line: string): void => void process.stderr.write(`${((performance.now() - begunMs) / 1_000).toFixed(0).padStart(4)} s  ${line}\n`)
  const isLate = (): boolean => performance.now() > untilMs
  /** Half of the time, where both are asked for. */
  const isFlatLate = (): boolean => performance.now() > (parts.length > 1 ? (begunMs + untilMs) / 2 : untilMs)
  const left: string[] = []
  const folder = mkdtempSync(join(tmpdir(), 'tollgate-engines-'))
  const postgres = await startPostgres({ fsync: true, settings: ['shared_buffers=256MB', 'max_wal_size=2GB', 'autovacuum_naptime=10s'] })
  const valkey = valkeyPrograms.length > 0 ? await startValkey() : undefined
  if (valkey === undefined) left.push('counters: there is neither valkey-server nor redis-server on PATH')
  const admissions: SituationResult[] = []
  const flat: FlatResult[] = []
  try {
    if (parts.includes('flat')) flat.push(...(await measureFlat({ largest, rowsMax, rounds: Math.min(3, rounds), folder, postgresPid: postgres.pid, freshDatabase: () => postgres.freshDatabase(), progress, isLate: isFlatLate })))
    const engines = parts.flatMap((part) => (part === 'flat' ? [] : [part === 'postgres' ? ('postgres' as const) : ('valkey' as const)]))
    if (engines.length > 0) {
      const urls = { postgres: await postgres.freshDatabase(), valkey: valkey?.url }
      const bench = await createAdmissionBench(urls, (engine) => (engine === 'postgres' ? postgres.pid : (valkey?.pid ?? Number.NaN)))
      progress('balances are granted')
      try {
        for (const situation of situations) {
          if (!engines.includes(situation.engine) || (situation.engine === 'valkey' && valkey === undefined)) continue
          if (isLate()) {
            left.push(`${situation.engine}: ${titleOf(situation)}: no time was left`)
            continue
          }
          admissions.push(await bench.measure(situation, { rounds, roundMs }))
          progress(`${situation.engine}: ${titleOf(situation)}: ${(admissions.at(-1)?.contenders ?? []).map(({ name, perSecond }) => `${name} ${Math.round(perSecond)}`).join(', ')}`)
        }
      } finally {
        await bench.stop()
      }
    }
  } finally {
    await valkey?.stop()
    await postgres.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  const found: EnginesRun = { atMs: Date.now(), machine: describeMachine(), dataIn: tmpdir(), versions: await engineVersions(), rounds, roundMs, admissions, flat, left }
  process.stdout.write(`${formatEngines(found)}\n`)
  if (save) for (const file of saveEngines(found)) progress(`written: ${file}`)
}
