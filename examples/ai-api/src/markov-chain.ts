/** Which token may follow which, learned from sentences. Two tokens of memory where the sentences are rich enough, one where they are not. */
import { tokensOf } from './words.ts'

/** Before the first token of a sentence. */
export const START = ''

/** Following the last two tokens is likelier than following the last one only. Otherwise sentences would lose their thread. */
const WEIGHT_OF_PAIR = 3

/** By token: how often it was seen there, weighted. */
export type Followers = ReadonlyMap<string, number>

export interface MarkovChain {
  /** Never empty after a token that was learned and does not end its sentence. */
  after(before: string, last: string): Followers
}

export function learn(sentences: readonly string[]): MarkovChain {
  const singles = new Map<string, Map<string, number>>()
  const pairs = new Map<string, Map<string, number>>()
  for (const sentence of sentences) {
    let [before, last] = [START, START]
    for (const token of tokensOf(sentence)) {
      count(singles, last, token, 1)
      count(pairs, `${before} ${last}`, token, WEIGHT_OF_PAIR)
      ;[before, last] = [last, token]
    }
  }
  return {
    after(before, last) {
      const followers = new Map(singles.get(last))
      for (const [token, weight] of pairs.get(`${before} ${last}`) ?? []) followers.set(token, (followers.get(token) ?? 0) + weight)
      return followers
    },
  }
}

function count(table: Map<string, Map<string, number>>, state: string, token: string, weight: number): void {
  const followers = table.get(state) ?? new Map<string, number>()
  table.set(state, followers.set(token, (followers.get(token) ?? 0) + weight))
}
