/** The command line of `npm run bench:overload`. */
import { parseArgs } from 'node:util'

export interface OverloadOrder {
  readonly names: readonly string[]
  readonly seed: number
  readonly seeds: number
  readonly parts: readonly OverloadPart[]
  readonly save: boolean
}

/** What can be run by itself. */
export const overloadParts = ['simulation', 'budgets', 'overhead', 'loopback'] as const
export type OverloadPart = (typeof overloadParts)[number]

export type ParsedOverload = { readonly kind: 'run'; readonly order: OverloadOrder } | { readonly kind: 'help' } | { readonly kind: 'wrong'; readonly problem: string }

export const overloadUsage = (names: readonly string[]): string => `Usage: npm run bench:overload -- [client…] [--only PART] [--seed N] [--seeds N] [--save]

Clients that retry, and a server in trouble: what each of them makes of an outage, of a dip of capacity, of single faults, of errors without hope, of waits that it is
told, of POSTs that cost money. Time is simulated, so a minute takes a second and the same seed gives the same figures. Installs the clients that it holds beside ours
into bench/overload, once. Everything stays on 127.0.0.1; it ends by itself, after some fifteen minutes with all of it.

  client       ${names.join(', ')}; default: all of them
  --only PART  ${overloadParts.join(', ')}; may be given more than once; default: all of them
                 simulation  every client in every situation, in simulated time
                 budgets     ours with other retry budgets, from 1 to 1,000 clients
                 overhead    CPU of a call that succeeds, over loopback, in turns
                 loopback    the dip over real HTTP and in real time: fetch, got, openai, AWS SDK, tollgate
  --seed N     the first of the seeds; default 1
  --seeds N    how many; figures are means over them, and the worst one; default 5, at most 50
  --save       writes bench/results/overload.json, overload.svg and docs/overload.md; what is not run keeps its figures
  --help

Exit code: 0 ours reached its targets, 1 it missed one, 2 it could not run.
`

export function parseOverload(args: readonly string[], known: readonly string[]): ParsedOverload {
  const wrong = (problem: string): ParsedOverload => ({ kind: 'wrong', problem })
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { only: { type: 'string', multiple: true }, seed: { type: 'string' }, seeds: { type: 'string' }, save: { type: 'boolean' }, help: { type: 'boolean' } },
    })
    if (values.help === true) return { kind: 'help' }
    const unknown = positionals.find((name) => !known.includes(name))
    if (unknown !== undefined) return wrong(`there is no client "${unknown}"; choose from ${known.join(', ')}`)
    const unknownPart = values.only?.find((part) => !overloadParts.includes(part as OverloadPart))
    if (unknownPart !== undefined) return wrong(`--only ${unknownPart}: must be one of ${overloadParts.join(', ')}`)
    const seed = Number(values.seed ?? 1)
    const seeds = Number(values.seeds ?? 5)
    if (!Number.isSafeInteger(seed) || seed < 0) return wrong(`--seed ${values.seed}: must be a whole number`)
    if (!Number.isInteger(seeds) || seeds < 1 || seeds > 50) return wrong(`--seeds ${values.seeds}: must be a whole number from 1 to 50`)
    const parts = overloadParts.filter((part) => values.only === undefined || values.only.includes(part))
    return { kind: 'run', order: { names: positionals.length === 0 ? known : known.filter((name) => positionals.includes(name)), seed, seeds, parts, save: values.save ?? false } }
  } catch (error) {
    return wrong(error instanceof Error ? error.message : String(error))
  }
}
