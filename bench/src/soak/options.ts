/** The command line of `npm run soak`. */
import { parseArgs } from 'node:util'

export interface SoakOptions {
  readonly minutes: number
  /** Of traffic and faults: the same ones again. */
  readonly seed: number
  /** Calls begun in a second. */
  readonly rate: number
}

export type ParsedSoak = { readonly kind: 'run'; readonly options: SoakOptions } | { readonly kind: 'help' } | { readonly kind: 'wrong'; readonly problem: string }

export const HELP = `Usage: npm run soak -- [--minutes N] [--seed N] [--rate N]

Mixed traffic of all five services of the playground, with random faults: a service that is down, slow, or cuts its answers, callers that go away, a process
that stands still, a busy disk, keys that are revoked, plans that change, reloads. Checks that memory and handles stay flat, that nobody is refused for a reason
that nothing explains, that the ledger adds up, and that nothing is held at the end. Everything stays on 127.0.0.1, and it ends by itself.

  --minutes N   how long; default 5, at most 1440
  --seed N      the same traffic and faults again; default: another each time
  --rate N      calls a second; default 20, at most 500
  --help

Exit code: 0 nothing was found, 1 something was, 2 it could not run.
`

export function parseSoak(args: readonly string[], randomSeed: number): ParsedSoak {
  try {
    const { values } = parseArgs({ args: [...args], options: { minutes: { type: 'string' }, seed: { type: 'string' }, rate: { type: 'string' }, help: { type: 'boolean' } } })
    if (values.help === true) return { kind: 'help' }
    const minutes = Number(values.minutes ?? 5)
    const seed = Number(values.seed ?? randomSeed)
    const rate = Number(values.rate ?? 20)
    if (!(minutes >= 0.5 && minutes <= 1_440)) return { kind: 'wrong', problem: `--minutes ${values.minutes}: must be a number from 0.5 to 1440` }
    if (!Number.isSafeInteger(seed) || seed < 0) return { kind: 'wrong', problem: `--seed ${values.seed}: must be a whole number` }
    if (!(rate >= 1 && rate <= 500)) return { kind: 'wrong', problem: `--rate ${values.rate}: must be a number from 1 to 500` }
    return { kind: 'run', options: { minutes, seed, rate } }
  } catch (error) {
    return { kind: 'wrong', problem: error instanceof Error ? error.message : String(error) }
  }
}
