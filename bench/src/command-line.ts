import { parseArgs } from 'node:util'

export interface Order {
  readonly names: readonly string[]
  readonly seconds: number
  readonly profileDir: string | undefined
}

const SECONDS_DEFAULT = 3

export function usage(names: readonly string[]): string {
  return `Usage: npm run bench -- [name…] [--seconds N] [--profile DIR]

Measures Tollgate beside its peers on 127.0.0.1, in turns, and prints ratios first. Stops by itself.

  name           ${names.join(', ')}; default: all of them
  --seconds N    measured seconds per contender and benchmark; default ${SECONDS_DEFAULT}
  --profile DIR  each contender leaves a CPU profile there (.cpuprofile; figures are higher then)
  --help
`
}

/** A string says what is wrong with the arguments. */
export function parseOrder(args: readonly string[], known: readonly string[]): Order | 'help' | { readonly problem: string } {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { seconds: { type: 'string' }, profile: { type: 'string' }, help: { type: 'boolean' } },
    })
    if (values.help === true) return 'help'
    const unknown = positionals.find((name) => !known.includes(name))
    if (unknown !== undefined) return { problem: `there is no benchmark "${unknown}"; choose from ${known.join(', ')}` }
    const seconds = Number(values.seconds ?? SECONDS_DEFAULT)
    if (!(seconds >= 0.5 && seconds <= 60)) return { problem: `--seconds ${values.seconds}: must be a number from 0.5 to 60` }
    return { names: positionals.length === 0 ? known : positionals, seconds, profileDir: values.profile }
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) }
  }
}
