/**
 * Side by side with peers: `npm run bench`.
 *
 * Every contender is a process of its own on core 0; the load comes from this process, which shares core 1 with the upstream service. All contenders of
 * a benchmark run at once and are measured in turns, each only after it was seen to answer rightly; what is printed are medians over the rounds.
 */
import { resolve } from 'node:path'
import { startChild } from './child-process.ts'
import { parseOrder, usage, type Order } from './command-line.ts'
import { httpCases } from './http/cases.ts'
import { describeMachine, pin } from './machine.ts'
import { formatReport } from './report.ts'
import { runCase, type CaseResult } from './rounds.ts'
import { workCases } from './work/cases.ts'

const ROUNDS = 5
const WARM_UP_MS = 1_200

const cases = [...httpCases, ...workCases]
const names = cases.map(({ name }) => name)
const parsed = parseOrder(process.argv.slice(2), names)

async function run({ names: chosen, seconds, profileDir }: Order): Promise<void> {
  pin(process.pid, 1)
  const upstream = await startChild(['upstream'], 1)
  try {
    const stage = { upstreamPort: upstream.ready.port ?? 0, profileDir: profileDir === undefined ? undefined : resolve(profileDir) }
    const pace = { rounds: ROUNDS, roundMs: (seconds * 1_000) / ROUNDS, warmUpMs: WARM_UP_MS }
    const results: CaseResult[] = []
    for (const benchCase of cases.filter(({ name }) => chosen.includes(name))) {
      results.push(await runCase(benchCase, stage, pace, (line) => process.stderr.write(`${line}\n`)))
    }
    process.stdout.write(`\n${formatReport(results, describeMachine())}`)
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
