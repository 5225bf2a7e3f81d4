/** CPU of a call that succeeds, against bare fetch, in turns with it, so that whatever else the machine does meets all of them alike. */
import { runChild, withServers } from './children.ts'

export interface OverheadFigures {
  readonly name: string
  readonly micros: number
  /** Median of the rounds' ratios to `fetch` without anything. */
  readonly toFetch: number
  /** What the client does itself: over a fetch that answers from memory, without that fetch. */
  readonly ownMicros: number
}

const ROUNDS = 40
const CALLS = 50

export function runOverhead(names: readonly string[], progress: (line: string) => void): Promise<readonly OverheadFigures[]> {
  progress(`overhead: ${ROUNDS} turns of ${CALLS} calls each, with bare fetch in between`)
  return withServers('brisk', 1, ([port]) => runChild('overhead-child', [String(port), String(ROUNDS), String(CALLS), ...names]))
}
