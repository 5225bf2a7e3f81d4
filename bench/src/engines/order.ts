import { parseArgs } from 'node:util'

export type Part = 'postgres' | 'counters' | 'flat'

export interface EnginesOrder {
  readonly parts: readonly Part[]
  readonly rounds: number
  readonly roundMs: number
  /** Accounts of the largest database. */
  readonly largest: number
  readonly rowsMax: number
  /** Nothing more is begun after so many. */
  readonly minutes: number
  readonly save: boolean
}

export type ParsedEnginesOrder = { readonly kind: 'run'; readonly order: EnginesOrder } | { readonly kind: 'help' } | { readonly kind: 'wrong'; readonly problem: string }

const known: readonly Part[] = ['flat', 'postgres', 'counters']

export const enginesUsage = `Usage: npm run bench:engines -- [part…] [--save] [--rounds N] [--round-ms N] [--largest N] [--rows N] [--minutes N]

Measures stores that several gateways share beside others, on servers of its own on 127.0.0.1, in turns, and prints ratios first. Stops by itself.

  part           flat (databases of a thousand accounts and of many more), postgres and counters (admissions a second, counters on Valkey or Redis); default: all
  --save         writes bench/results/engines.json, docs/engines.svg, and the tables of docs/scaling.md; a part that is not run keeps what it had
  --rounds N     of each situation; default 5
  --round-ms N   of each contender; default 500
  --largest N    accounts of the largest database; default 100000
  --rows N       rows of the request log at most; ten times as many as accounts below; default 10000000
  --minutes N    after so many nothing more is begun; default 11
  --help
`

const numbers = { rounds: [5, 1, 100], 'round-ms': [500, 50, 60_000], largest: [100_000, 1_000, 10_000_000], rows: [10_000_000, 1_000, 100_000_000], minutes: [11, 0.1, 600] } as const

export function parseEnginesOrder(args: readonly string[]): ParsedEnginesOrder {
  try {
    const text = { type: 'string' } as const
    const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options: { rounds: text, 'round-ms': text, largest: text, rows: text, minutes: text, save: { type: 'boolean' }, help: { type: 'boolean' } } })
    if (values.help === true) return { kind: 'help' }
    const unknown = positionals.find((name) => !known.some((part) => part === name))
    if (unknown !== undefined) return { kind: 'wrong', problem: `there is no part "${unknown}"; choose from ${known.join(', ')}` }
    const read = (name: keyof typeof numbers): number => Number(values[name] ?? numbers[name][0])
    for (const name of Object.keys(numbers) as (keyof typeof numbers)[]) {
      const [, least, most] = numbers[name]
      if (!(read(name) >= least && read(name) <= most)) return { kind: 'wrong', problem: `--${name} ${values[name]}: must be a number from ${least} to ${most}` }
    }
    const parts = known.filter((part) => positionals.length === 0 || positionals.includes(part))
    return { kind: 'run', order: { parts, rounds: read('rounds'), roundMs: read('round-ms'), largest: read('largest'), rowsMax: read('rows'), minutes: read('minutes'), save: values.save === true } }
  } catch (error) {
    return { kind: 'wrong', problem: error instanceof Error ? error.message : String(error) }
  }
}
