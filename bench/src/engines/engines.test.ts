import { expect, it } from 'vitest'
import type { ContenderResult, EnginesRun, FlatResult } from './engine-run.ts'
import { enginesSvg } from './engines-svg.ts'
import { findingsOf, isReached } from './goals.ts'
import { parseEnginesOrder } from './order.ts'
import { formatEngines } from './tables.ts'

const contender = (name: string, behind: number): ContenderResult => ({ name, perSecond: 20_000 / behind, p50Ms: 1.25, p99Ms: 9, clientMicros: 20, serverMicros: 10, behind })
const flat = (accounts: number, cpuMicros: number): FlatResult => ({
  engine: 'postgres', accounts, keys: accounts, rows: 10 * accounts, fillSeconds: 1, bytes: 5e6, operations: { 'count four meters': { cpuMicros, p50Ms: 0.5 } }, heapMegabytes: 30, residentMegabytes: 90, startMs: 2_500, reloadMs: 3,
})
const run: EnginesRun = {
  atMs: 0, machine: 'a & b', dataIn: '/tmp', versions: { node: '20', Postgres: '15.1' }, rounds: 5, roundMs: 500,
  admissions: [
    { engine: 'postgres', callers: 64, accounts: 1, processes: 1, contenders: [contender('tollgate', 1), contender('one statement a call', 16)] },
    { engine: 'valkey', callers: 64, accounts: 1, processes: 1, contenders: [contender('tollgate', 1), contender('rate-limiter-flexible × 4', 3.9)] },
  ],
  flat: [flat(1_000, 100), flat(10_000, 200)],
  left: ['this: no time was left'],
}

it('each goal is held against the ratio of its situation, and is reached only from there on', () => {
  expect(findingsOf(run).map((finding) => [finding.title, finding.value, isReached(finding)])).toEqual([
    ['Postgres, one hot account, 64 callers : one statement a call', 16, true],
    ['counters, one account, 64 callers : rate-limiter-flexible × 4', 3.9, false],
    ['start on Postgres with 10,000 accounts', 2.5, false],
    ['reload on Postgres with 10,000 accounts', 0.003, true],
  ])
})

it('the tables say what is not reached, who was left out, and every figure', () => {
  const text = formatEngines(run)
  expect(text).toContain('Not measured: this: no time was left.')
  expect(text).toContain('| counters, one account, 64 callers : rate-limiter-flexible × 4 | 3.9 × | at least 4 × | **not reached** |')
  expect(text).toContain('| 64 callers, one account, one process | 20,000 | 1,250 (16.0) |')
  expect(text).toContain('| count four meters | 100 / 0.50 | 200 / 0.50 |')
  expect(text).not.toContain('NaN')
})

it('the picture has a line for each operation of each engine', () => {
  const svg = enginesSvg(run)
  expect(svg.match(/<polyline/g)).toHaveLength(1)
  expect(svg).toContain('count four meters: 100 → 200')
  expect(svg).toContain('a &amp; b')
})

it('a wrong argument is named, with what may stand there', () => {
  expect(parseEnginesOrder(['flatt'])).toEqual({ kind: 'wrong', problem: 'there is no part "flatt"; choose from flat, postgres, counters' })
  expect(parseEnginesOrder(['--minutes', 'soon'])).toEqual({ kind: 'wrong', problem: '--minutes soon: must be a number from 0.1 to 600' })
  expect(parseEnginesOrder(['flat', '--largest', '1000000'])).toEqual({ kind: 'run', order: { parts: ['flat'], rounds: 5, roundMs: 500, largest: 1_000_000, rowsMax: 10_000_000, minutes: 11, save: false } })
})
