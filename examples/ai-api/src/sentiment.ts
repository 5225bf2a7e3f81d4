/** Whether a text speaks well of what it speaks of: words that judge, each turned round by a "not" shortly before it. */
import type { Language } from './language.ts'
import { endsSentence, tokensOf } from './words.ts'

export interface Sentiment {
  /** −1 to 1. */
  readonly score: number
  readonly label: 'positive' | 'neutral' | 'negative'
}

/** How many tokens a negation reaches. */
const REACH = 3
const NEUTRAL_MAX = 0.15

export function sentimentOf(text: string, { positive, negative, negations }: Language): Sentiment {
  let sum = 0
  let negated = 0
  for (const token of tokensOf(text.toLowerCase().replaceAll('’', "'"))) {
    const judgement = Number(positive.has(token)) - Number(negative.has(token))
    sum += negated > 0 ? -judgement : judgement
    if (endsSentence(token) || token === ',') negated = 0
    else negated = negations.has(token) ? REACH : Math.max(0, negated - 1)
  }
  // One word tells something, many tell nearly everything, none gets past 1.
  const score = Math.round((sum / Math.sqrt(sum ** 2 + 2)) * 100) / 100
  if (Math.abs(score) <= NEUTRAL_MAX) return { score, label: 'neutral' }
  return { score, label: score > 0 ? 'positive' : 'negative' }
}
