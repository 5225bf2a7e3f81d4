/** How calls are charged, in a sentence. */
import type { InitAnswers } from './init-answers.ts'

export function spokenCharge({ charge, price }: Pick<InitAnswers, 'charge' | 'price'>): string {
  const words = {
    free: 'Calls cost nothing; sixty a minute with one key.',
    quota: 'Calls cost nothing; so many a month, by plan.',
    credits: `Each call costs ${price}, held before the service is asked, and given back if it fails.`,
    usage: `Every thousand of what the answer says as usage.total_tokens cost ${price}; at most 0.50 is held before the service is asked.`,
  }
  return words[charge]
}
