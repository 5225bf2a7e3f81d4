/** CPU of a call that succeeds, against bare fetch: within each round, so that whatever else the machine does meets all of them alike. */
import { runChild, withServers } from './children.ts'

export interface OverheadFigures {
  readonly name: string
  readonly micros: number
  /** Median of the rounds' ratios to `fetch` without anything. */
  readonly toFetch: number
}

const ROUNDS = 15
const CALLS = 300

export function runOverhead(names: readonly string[], progress: (line: string) => void): Promise<readonly OverheadFigures[]> {
  progress(`overhead: ${ROUNDS} rounds of ${CALLS} calls each`)
  return withServers('brisk', 1, ([port]) => runChild('overhead-child', [String(port), String(ROUNDS), String(CALLS), ...names]))
}
