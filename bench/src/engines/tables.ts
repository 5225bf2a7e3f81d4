/** A run as Markdown: goals first, then what holds on one machine only. */
import type { ContenderResult, EnginesRun, FlatResult, SituationResult } from './engine-run.ts'
import { findingsOf, isReached } from './goals.ts'
import { titleOf } from './situations.ts'

const engineNames = { postgres: 'Postgres', valkey: 'counters on Valkey or Redis', sqlite: 'SQLite' } as const

export function formatEngines(run: EnginesRun): string {
  const { atMs, machine, dataIn, versions, rounds, roundMs, admissions, flat, left } = run
  const measured = Object.entries(versions).filter(([name]) => name !== 'node').map(([name, version]) => `${name} ${version}`).join(', ')
  const parts = [
    `Measured on ${new Date(atMs).toISOString().slice(0, 10)}: ${machine}; ${measured}; databases in ${dataIn}. ${rounds} rounds of ${roundMs} ms each, in turns; medians.`,
    ...(left.length > 0 ? [`Not measured: ${left.join('; ')}.`] : []),
    formatFindings(run),
    ...(['postgres', 'valkey'] as const).flatMap((engine) => formatAdmissions(engine, admissions.filter((each) => each.engine === engine))),
    ...(flat.length > 0 ? [formatFlat(flat)] : []),
  ]
  return parts.join('\n\n')
}

function formatFindings(run: EnginesRun): string {
  const rows = findingsOf(run).map((finding) => {
    const { title, value, unit, goal, better } = finding
    return [title, `${number(value, unit === 's' ? 2 : 1)} ${unit}`, `${better === 'more' ? 'at least' : 'at most'} ${goal} ${unit}`, isReached(finding) ? 'reached' : '**not reached**']
  })
  return table(['', 'here', 'goal', ''], rows)
}

function formatAdmissions(engine: keyof typeof engineNames, situations: readonly SituationResult[]): readonly string[] {
  if (situations.length === 0) return []
  const names = [...new Set(situations.flatMap(({ contenders }) => contenders.map(({ name }) => name)))]
  const of = (situation: SituationResult, name: string) => situation.contenders.find((each) => each.name === name)
  const perSecond = situations.map((situation) => [
    titleOf(situation),
    ...names.map((name, at) => {
      const found = of(situation, name)
      return found === undefined ? '–' : `${number(found.perSecond, 0)}${at === 0 ? '' : ` (${number(found.behind, 1)})`}`
    }),
  ])
  const waits = situations.map((situation) => [titleOf(situation), ...names.map((name) => pair(of(situation, name), 'p50Ms', 'p99Ms', 2))])
  const cpuOf = (found: ContenderResult | undefined): number => (found?.clientMicros ?? Number.NaN) + (found?.serverMicros ?? Number.NaN)
  const cpu = situations.map((situation) => [
    titleOf(situation),
    ...names.map((name, at) => {
      const found = of(situation, name)
      return pair(found, 'clientMicros', 'serverMicros', 0) + (found === undefined || at === 0 ? '' : ` (${number(cpuOf(found) / cpuOf(situation.contenders[0]), 1)})`)
    }),
  ])
  return [
    `**Admissions a second, ${engineNames[engine]}**; in brackets: so many times as many come through with Tollgate`,
    table(['', ...names], perSecond),
    'What one takes, ms, p50 / p99:',
    table(['', ...names], waits),
    'CPU µs of each, of who admits / of the server; in brackets: so many times that of Tollgate, which other work on the machine changes least:',
    table(['', ...names], cpu),
  ]
}

function formatFlat(flat: readonly FlatResult[]): string {
  const engines = [...new Set(flat.map(({ engine }) => engine))]
  return engines.map((engine) => {
    const all = flat.filter((each) => each.engine === engine)
    const operations = Object.keys(all[0]?.operations ?? {})
    const row = (title: string, of: (each: FlatResult) => string): readonly string[] => [title, ...all.map(of)]
    const optional = (value: number | undefined): string => (value === undefined ? '–' : number(value, 0))
    return [
      `**${engineNames[engine]}, by the number of accounts**; CPU µs, the server's included, and p50 in ms`,
      table(
        ['accounts, and idempotency keys', ...all.map(({ accounts }) => accounts.toLocaleString('en'))],
        [
          row('rows of the request log', ({ rows }) => rows.toLocaleString('en')),
          ...operations.map((what) => row(what, ({ operations: found }) => `${number(found[what]?.cpuMicros ?? NaN, 0)} / ${number(found[what]?.p50Ms ?? NaN, 2)}`)),
          row('start of a gateway, ms, and of CPU', ({ startMs, startCpuMs }) => `${optional(startMs)} / ${optional(startCpuMs)}`),
          row('reload, ms', ({ reloadMs }) => optional(reloadMs)),
          row('heap / resident, MB', ({ heapMegabytes, residentMegabytes }) => `${number(heapMegabytes, 0)} / ${number(residentMegabytes, 0)}`),
          row('database, MB', ({ bytes }) => number(bytes / 1e6, 0)),
        ],
      ),
    ].join('\n\n')
  }).join('\n\n')
}

function pair<T extends string>(found: { readonly [K in T]: number } | undefined, one: T, other: T, digits: number): string {
  return found === undefined ? '–' : `${number(found[one], digits)} / ${number(found[other], digits)}`
}

export function number(value: number, digits: number): string {
  return Number.isFinite(value) ? value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits }) : '–'
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [line(head), `|---|${head.slice(1).map(() => '---:|').join('')}`, ...rows.map(line)].join('\n')
}
