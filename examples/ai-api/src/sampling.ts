/** How a model chooses among the tokens that could come next. */
import type { Followers } from './markov-chain.ts'

export interface Sampling {
  /** 0 always takes the likeliest; 1 goes by likelihood; 2 is nearly indifferent to it. */
  readonly temperature: number
  /** Only the likeliest tokens that together have this share of all. */
  readonly topP: number
  /** Against a token, for each time that it was used. */
  readonly frequencyPenalty: number
  /** Against a token that was used at all. */
  readonly presencePenalty: number
}

/** Without it, a model at temperature 0 would walk in circles. */
const WEARINESS = 0.6

/** `used`: how often each token was written already. Undefined if nothing can follow. */
export function sample(followers: Followers, used: ReadonlyMap<string, number>, sampling: Sampling, random: () => number): string | undefined {
  const scored = [...followers]
    .map(([token, weight]) => {
      const times = used.get(token) ?? 0
      const penalty = times * (WEARINESS + sampling.frequencyPenalty) + (times > 0 ? sampling.presencePenalty : 0)
      return { token, score: Math.log(weight) - penalty }
    })
    .toSorted((one, other) => other.score - one.score)
  const best = scored[0]
  if (best === undefined || sampling.temperature === 0) return best?.token
  const likely = scored.map(({ token, score }) => ({ token, share: Math.exp((score - best.score) / sampling.temperature) }))
  return draw(nucleus(likely, sampling.topP), random)
}

interface Share {
  readonly token: string
  readonly share: number
}

function nucleus(likely: readonly Share[], topP: number): readonly Share[] {
  const enough = total(likely) * topP
  let sum = 0
  const last = likely.findIndex(({ share }) => (sum += share) >= enough)
  return last === -1 ? likely : likely.slice(0, last + 1)
}

function draw(shares: readonly Share[], random: () => number): string | undefined {
  let left = random() * total(shares)
  return (shares.find(({ share }) => (left -= share) < 0) ?? shares.at(-1))?.token
}

function total(shares: readonly Share[]): number {
  return shares.reduce((sum, { share }) => sum + share, 0)
}
