/** What is to be reached, each a ratio within a round, or a bound. */
import type { ContenderResult, EnginesRun, SituationResult } from './engine-run.ts'
import { HOT, MANY } from './situations.ts'

export interface Finding {
  readonly title: string
  readonly value: number
  readonly unit: '×' | 'ms' | 's'
  readonly better: 'more' | 'less'
  readonly goal: number
}

interface Goal {
  readonly title: string
  readonly engine: 'postgres' | 'valkey'
  readonly callers: number
  readonly accounts: number
  readonly beside: string
  readonly goal: number
}

const goals: readonly Goal[] = [
  ...['one statement a call', 'one statement a call, 64 connections'].flatMap((beside): readonly Goal[] => [
    { title: `Postgres, one hot account, 64 callers : ${beside}`, engine: 'postgres', callers: 64, accounts: HOT, beside, goal: 15 },
    { title: `Postgres, one hot account, 512 callers : ${beside}`, engine: 'postgres', callers: 512, accounts: HOT, beside, goal: 15 },
    { title: `Postgres, many accounts, 64 callers : ${beside}`, engine: 'postgres', callers: 64, accounts: MANY, beside, goal: 3 },
    { title: `Postgres, many accounts, 512 callers : ${beside}`, engine: 'postgres', callers: 512, accounts: MANY, beside, goal: 7 },
  ]),
  ...[HOT, MANY].flatMap((accounts): readonly Goal[] => {
    const of = accounts === HOT ? 'one account' : 'many accounts'
    return [
      { title: `counters, ${of}, one caller : rate-limiter-flexible × 4`, engine: 'valkey', callers: 1, accounts, beside: 'rate-limiter-flexible × 4', goal: 3 },
      { title: `counters, ${of}, 64 callers : rate-limiter-flexible × 4`, engine: 'valkey', callers: 64, accounts, beside: 'rate-limiter-flexible × 4', goal: 4 },
    ]
  }),
]

/** Goal of the p50 of one caller, ms. */
const ALONE_MS = 1.5
const START_S = 2

export function findingsOf({ admissions, flat }: Pick<EnginesRun, 'admissions' | 'flat'>): readonly Finding[] {
  const ratios = goals.flatMap(({ title, engine, callers, accounts, beside, goal }): readonly Finding[] => {
    const value = contenderOf(situationOf(admissions, engine, callers, accounts), beside)?.behind
    return value === undefined ? [] : [{ title, value, unit: '×', better: 'more', goal }]
  })
  const alone = situationOf(admissions, 'postgres', 1, MANY)
  const waits = ['tollgate', 'tollgate, four meters'].flatMap((name): readonly Finding[] => {
    const found = contenderOf(alone, name)
    return found === undefined ? [] : [{ title: `Postgres, one caller, p50: ${name}${name === 'tollgate' ? ', four meters and a debit' : ''}`, value: found.p50Ms, unit: 'ms', better: 'less', goal: ALONE_MS }]
  })
  const starts = (['postgres', 'sqlite'] as const).flatMap((engine) => {
    const largest = flat.findLast((each) => each.engine === engine && each.startMs !== undefined)
    return (['startMs', 'reloadMs'] as const).flatMap((what): readonly Finding[] => {
      const ms = largest?.[what]
      return largest === undefined || ms === undefined ? [] : [{ title: `${what === 'startMs' ? 'start' : 'reload'} on ${engine === 'postgres' ? 'Postgres' : 'SQLite'} with ${largest.accounts.toLocaleString('en')} accounts`, value: ms / 1_000, unit: 's', better: 'less', goal: START_S }]
    })
  })
  return [...ratios, ...waits, ...starts]
}

export function isReached({ value, better, goal }: Finding): boolean {
  return better === 'more' ? value >= goal : value <= goal
}

/** Through one process. */
function situationOf(admissions: readonly SituationResult[], engine: string, callers: number, accounts: number): SituationResult | undefined {
  return admissions.find((each) => each.engine === engine && each.callers === callers && each.accounts === accounts && each.processes === 1)
}

function contenderOf(situation: SituationResult | undefined, name: string): ContenderResult | undefined {
  return situation?.contenders.find((each) => each.name === name)
}
