import { parseArgs } from 'node:util'

export interface Order {
  readonly names: readonly string[]
  readonly seconds: number
  readonly profileDir: string | undefined
  /** Another revision to run beside this one. */
  readonly compare: string | undefined
  readonly save: boolean
}

const SECONDS_DEFAULT = 3

export function usage(names: readonly string[]): string {
  return `Usage: npm run bench -- [name…] [--seconds N] [--compare REV] [--save] [--profile DIR]

Measures Tollgate beside its peers on 127.0.0.1, in turns, and prints ratios first. Stops by itself.

  name           ${names.join(', ')}; default: all of them
  --seconds N    measured seconds per contender and benchmark; default ${SECONDS_DEFAULT}
  --compare REV  builds that revision (a commit, branch or tag) and measures ours beside it, instead of the peers
  --save         writes bench/results/latest.json and ratios.svg; cases that are not run keep theirs
  --profile DIR  each contender leaves a CPU profile there (.cpuprofile; figures are higher then)
  --help
`
}

export type ParsedOrder = { readonly kind: 'run'; readonly order: Order } | { readonly kind: 'help' } | { readonly kind: 'wrong'; readonly problem: string }

export function parseOrder(args: readonly string[], known: readonly string[]): ParsedOrder {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { seconds: { type: 'string' }, profile: { type: 'string' }, compare: { type: 'string' }, save: { type: 'boolean' }, help: { type: 'boolean' } },
    })
    if (values.help === true) return { kind: 'help' }
    const unknown = positionals.find((name) => !known.includes(name))
    if (unknown !== undefined) return { kind: 'wrong', problem: `there is no benchmark "${unknown}"; choose from ${known.join(', ')}` }
    const seconds = Number(values.seconds ?? SECONDS_DEFAULT)
    if (!(seconds >= 0.5 && seconds <= 60)) return { kind: 'wrong', problem: `--seconds ${values.seconds}: must be a number from 0.5 to 60` }
    const { compare, profile: profileDir, save = false } = values
    if (save && compare !== undefined) return { kind: 'wrong', problem: '--save keeps figures beside peers, and --compare has none: choose one' }
    return { kind: 'run', order: { names: positionals.length === 0 ? known : positionals, seconds, profileDir, compare, save } }
  } catch (error) {
    return { kind: 'wrong', problem: error instanceof Error ? error.message : String(error) }
  }
}
