/** A run of the overload benchmark as Markdown. */
import type { BudgetFigures } from './budgets.ts'
import type { ContenderFigures, LoadSummary } from './figures.ts'
import type { LoopbackFigures } from './loopback.ts'
import type { OverheadFigures } from './overhead.ts'
import { targets } from './targets.ts'

export interface OverloadRun {
  readonly atMs: number
  readonly machine: string
  readonly seeds: readonly number[]
  readonly contenders: readonly ContenderFigures[]
  readonly budgets: readonly BudgetFigures[]
  readonly overhead: readonly OverheadFigures[]
  readonly loopback: readonly LoopbackFigures[]
}

const SUBJECT = 'tollgate'
/** Of bare fetch. */
const OVERHEAD_TARGET = 1.05

export function formatOverload({ contenders, budgets, overhead, loopback, seeds, machine, atMs }: OverloadRun): string {
  const day = new Date(atMs).toISOString().slice(0, 10)
  const ours = contenders.find(({ name }) => name === SUBJECT)
  const parts = [
    `Run on ${day} with the seeds ${seeds.join(', ')}.`,
    ours === undefined ? undefined : `### Targets, with the defaults\n\n${targetTable(ours)}`,
    `### Every client\n\n${clientTable(contenders)}\n\n${notes(contenders)}`,
    `### Goodput over time\n\n${goodputTable(contenders)}`,
    `### What was repeated\n\n${repeatedTable(contenders)}`,
    budgets.length === 0 ? undefined : `### Other budgets\n\n${budgetTables(budgets)}`,
    overhead.length === 0 ? undefined : `### Overhead\n\n${machine}.\n\n${overheadTable(overhead)}`,
    loopback.length === 0 ? undefined : `### Over real HTTP, in real time\n\n${loopbackTable(loopback)}`,
  ]
  return `${parts.filter((part) => part !== undefined).join('\n\n')}\n`
}

function targetTable(ours: ContenderFigures): string {
  return table(
    ['', 'target', 'here', ''],
    targets.map(({ title, bound, value, isReached, unit = '' }) => {
      const found = value(ours)
      return [title, bound, found === null ? '–' : `${figure(found)}${unit}`, isReached(found) ? 'reached' : '**missed**']
    }),
  )
}

function clientTable(contenders: readonly ContenderFigures[]): string {
  const head = ['client', 'outage: attempts per call', 'dip: ok of 1,200', 'full again from', '100 clients: ok', 'full again from', '8 % faults: ok', '100 clients: ok', 'attempts per call', 'without hope: wasted of 7 calls', 'too early, of 5 calls', 'paid twice, of 3 calls', 'abort settles after']
  const rows = contenders.map(({ name, version, loads, probes }) => {
    const { outage, dip, faults, 'dip, fleet': dips, 'faults, fleet': faulty } = loads
    return [
      version === null ? name : `${name} ${version}`,
      number(outage?.attemptsPerCall, 2),
      number(dip?.succeeded, 0),
      recovered(dip),
      number(dips?.succeeded, 0),
      recovered(dips),
      share(faults),
      share(faulty),
      number(faults?.attemptsPerCall, 3),
      String(probes.hopeless.wasted),
      String(probes.early.requests),
      String(probes.paid.duplicates),
      probes.abortSettledMs === null ? '–' : `${number(probes.abortSettledMs, 0)} ms`,
    ]
  })
  return table(head, rows)
}

const notes = (contenders: readonly ContenderFigures[]): string => contenders.filter(({ note }) => note !== null).map(({ name, note }) => `- ${name}: ${note}.`).join('\n')

function goodputTable(contenders: readonly ContenderFigures[]): string {
  const windows = [0, 5, 10, 15, 20, 25]
  const head = ['a second, in the dip', ...windows.map((from) => `${from}–${from + 5} s`), 'requests a second at the end']
  const cells = (load: LoadSummary): readonly string[] => [...windows.map((from) => number(mean(load.goodput.slice(from, from + 5)), 0)), number(mean(load.arrived.slice(25)), 0)]
  const rows = contenders.flatMap(({ name, loads: { dip, 'dip, fleet': fleet } }) => {
    if (dip === undefined || fleet === undefined) return []
    const [one, many] = [cells(dip), cells(fleet)]
    return one.join() === many.join() ? [[`${name}, one client or 100`, ...one]] : [[`${name}, one client`, ...one], [`${name}, 100 clients`, ...many]]
  })
  return table(head, rows)
}

function repeatedTable(contenders: readonly ContenderFigures[]): string {
  const list = (cases: readonly string[]): string => (cases.length === 0 ? '–' : cases.join('; '))
  return table(['client', 'without hope', 'earlier than told', 'paid POST, taken more than once'], contenders.map(({ name, probes }) => [name, list(probes.hopeless.repeated), list(probes.early.cases), list(probes.paid.cases)]))
}

function budgetTables(budgets: readonly BudgetFigures[]): string {
  const sizes = budgets[0]?.dip.map(({ clients }) => clients) ?? []
  const head = ['budget', ...sizes.map((clients) => `dip, ${clients.toLocaleString('en')} ${clients === 1 ? 'client' : 'clients'}`), '100, after two minutes', 'outage, 100 clients: attempts per call', '8 % faults, 100 clients', '3 % timeouts, one client', '100 clients']
  const rows = budgets.map(({ name, dip, warm, outage, faults, timeouts }) => [name, ...dip.map(({ succeeded }) => number(succeeded, 0)), number(warm, 0), number(outage, 2), `${number(100 * faults, 2)} %`, ...timeouts.map((ok) => `${number(100 * ok, 2)} %`)])
  return table(head, rows)
}

function overheadTable(overhead: readonly OverheadFigures[]): string {
  const ours = overhead.find(({ name }) => name === SUBJECT)
  const rows = overhead.map(({ name, micros, toFetch, ownMicros }) => [name, number(micros, 0), `${number(toFetch, 2)} ×`, number(ownMicros, 1), ours === undefined || name === SUBJECT ? '' : `${number(toFetch / ours.toFetch, 2)} ×`])
  const verdict = ours === undefined ? '' : `At most ${OVERHEAD_TARGET} × of bare fetch is the target: ours is ${ours.toFetch <= OVERHEAD_TARGET ? 'within it' : 'beyond it, **missed**'} at ${number(ours.toFetch, 3)} ×. On a busy machine the caches are cold, and each line of code costs more than its own.\n\n`
  return verdict + table(['client', 'CPU µs a call', 'of bare fetch', 'of its own, µs', 'of ours'], rows)
}

function loopbackTable(loopback: readonly LoopbackFigures[]): string {
  return table(
    ['client', 'dip: ok of 1,200', 'full again from', 'attempts per call', '100 clients: ok', 'full again from', 'attempts per call'],
    loopback.map(({ name, one, fleet }) => [name, number(one.succeeded, 0), recovered(one), number(one.attemptsPerCall, 2), number(fleet.succeeded, 0), recovered(fleet), number(fleet.attemptsPerCall, 2)]),
  )
}

const share = (load: LoadSummary | undefined): string => (load === undefined ? '–' : `${number((100 * load.succeeded) / load.calls, 2)} %`)
const recovered = (load: LoadSummary | undefined): string => (load === undefined ? '–' : load.recoveredAtS === null ? 'never' : `${load.recoveredAtS} s`)
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

const figure = (value: number): string => value.toLocaleString('en', { maximumFractionDigits: 3 })

function number(value: number | undefined, digits: number): string {
  return value === undefined ? '–' : value.toLocaleString('en', { minimumFractionDigits: digits === 3 ? 3 : 0, maximumFractionDigits: digits })
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [line(head), `|${head.map((_, at) => (at === 0 ? '---|' : '---:|')).join('')}`, ...rows.map(line)].join('\n')
}
