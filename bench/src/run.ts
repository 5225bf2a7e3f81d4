/**
 * Side by side with peers: `npm run bench`.
 *
 * Every contender is a process of its own on core 0; the load comes from this process, which shares core 1 with the upstream service. All contenders of
 * a benchmark run at once and are measured in turns, each only after it was seen to answer rightly; what is printed are medians over the rounds.
 */
import { resolve } from 'node:path'
import { builtChildFile, startChild } from './child-process.ts'
import { parseOrder, usage, type Order } from './command-line.ts'
import { httpCases } from './http/cases.ts'
import { describeMachine, pin, versions } from './machine.ts'
import { besideOther, buildOther } from './other-revision.ts'
import { formatReport } from './report.ts'
import { runCase, type CaseResult } from './rounds.ts'
import { saveRun, savedCase } from './save-run.ts'
import type { SavedRun } from './saved-run.ts'
import { workCases } from './work/cases.ts'

const ROUNDS = 5
const WARM_UP_MS = 1_200

const cases = [...httpCases, ...workCases]
const names = cases.map(({ name }) => name)
const parsed = parseOrder(process.argv.slice(2), names)

async function run({ names: chosen, seconds, profileDir, compare, save }: Order): Promise<void> {
  const progress = (line: string): void => void process.stderr.write(`${line}\n`)
  const other = compare === undefined ? undefined : buildOther(compare, progress)
  pin(process.pid, 1)
  const upstream = await startChild(['upstream'], { core: 1, childFile: builtChildFile })
  try {
    const stage = { upstreamPort: upstream.ready.port ?? 0, profileDir: profileDir === undefined ? undefined : resolve(profileDir), childFile: builtChildFile }
    const pace = { rounds: ROUNDS, roundMs: (seconds * 1_000) / ROUNDS, warmUpMs: WARM_UP_MS }
    const results: CaseResult[] = []
    for (const benchCase of cases.filter(({ name }) => chosen.includes(name))) {
      // What the others found out is not lost with it.
      await runCase(other === undefined ? benchCase : besideOther(benchCase, other), stage, pace, progress).then(
        (result) => results.push(result),
        (error: unknown) => fail(`${benchCase.name}: ${error instanceof Error ? error.message : String(error)}`, 1),
      )
    }
    const saved: SavedRun = { atMs: Date.now(), machine: describeMachine(), versions: versions(), secondsEach: seconds, cases: results.map(savedCase) }
    process.stdout.write(`\n${formatReport(saved)}`)
    if (save) for (const file of saveRun(saved)) progress(`written: ${file}`)
  } finally {
    await upstream.stop()
  }
}

function fail(problem: string, exitCode: number): void {
  process.stderr.write(`bench: ${problem}\n`)
  process.exitCode = exitCode
}

if (parsed.kind === 'help') process.stdout.write(usage(names))
else if (parsed.kind === 'wrong') fail(parsed.problem, 2)
else await run(parsed.order).catch((error: unknown) => fail(error instanceof Error ? error.message : String(error), 1))
