/** How much a message sounds like somebody about to buy, from the phrases in it. In hundredths, so that sums stay exact. */
import { hasPhrase } from './words.ts'

export type IntentLevel = 'low' | 'medium' | 'high'

/** Whoever names a product at all. */
const NAMED = 30

const signals: readonly { readonly weight: number; readonly phrases: readonly string[] }[] = [
  { weight: 40, phrases: ['buy', 'order', 'purchase', 'where can i get', 'ready to pay'] },
  { weight: 30, phrases: ['recommend', 'recommendation', 'suggest', 'looking for', 'need', 'best', 'which'] },
  { weight: 15, phrases: ['price', 'cheap', 'deal', 'discount', 'budget', 'under', 'cost'] },
  { weight: -30, phrases: ['already have', 'dont need', 'not looking for', 'returned', 'sold my'] },
]

/** Each kind of signal counts once, however often it is repeated. 0 to 100. */
export function scoreIntent(words: string): number {
  const sum = signals.filter((signal) => signal.phrases.some((phrase) => hasPhrase(words, phrase))).reduce((score, signal) => score + signal.weight, NAMED)
  return Math.min(100, Math.max(0, sum))
}

export function toIntentLevel(score: number): IntentLevel {
  if (score >= 70) return 'high'
  return score >= 45 ? 'medium' : 'low'
}

const order: readonly string[] = ['any', 'low', 'medium', 'high'] satisfies ('any' | IntentLevel)[]

export function reachesIntent(level: IntentLevel, minimum: 'any' | IntentLevel): boolean {
  return order.indexOf(level) >= order.indexOf(minimum)
}
