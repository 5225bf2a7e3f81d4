/** In which situations everybody is measured. */
import type { Situation } from './engine-run.ts'

export const HOT = 1
export const MANY = 20_000

const alone: readonly Omit<Situation, 'engine'>[] = [1, 64, 512].flatMap((callers) => [HOT, MANY].map((accounts) => ({ callers, accounts, processes: 1 })))
const several: readonly Omit<Situation, 'engine'>[] = [64, 512].flatMap((callers) => [HOT, MANY].map((accounts) => ({ callers, accounts, processes: 4 })))

/** By turns, so that each engine has some where time runs out. */
export const situations: readonly Situation[] = [...alone, ...several].flatMap((each) => (['postgres', 'valkey'] as const).map((engine) => ({ engine, ...each })))

export function titleOf({ callers, accounts, processes }: Situation): string {
  const who = callers === 1 ? 'one caller' : `${callers} callers`
  const of = accounts === HOT ? 'one account' : `${accounts.toLocaleString('en')} accounts`
  return `${who}, ${of}, ${processes === 1 ? 'one process' : `${processes} processes`}`
}
