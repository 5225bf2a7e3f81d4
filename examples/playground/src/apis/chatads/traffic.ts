/** An ordinary day of ChatAds: mostly questions that are answered, and each way to be refused now and then. */
import type { TrafficItem } from '../../api.ts'
import { ask } from './recipes.ts'
import { chatadsKeys } from './samples.ts'

const questions = [
  'Which running shoes are good for rain?',
  'I need a tent for two that is easy to put up',
  'What should I give my father for his birthday?',
  'Recommend headphones for a noisy office',
  'How do I make pasta for ten people?',
]

export const chatadsTraffic: readonly TrafficItem[] = [
  ...questions.map((message) => ({ kind: 'request' as const, weight: 14, request: ask(chatadsKeys.valid, { message }) })),
  { kind: 'request', weight: 8, request: ask(chatadsKeys.spare, { message: 'Sneakers for a marathon', country: 'DE' }) },
  ...[
    'malformed-json', 'missing-message', 'unknown-country', 'unknown-path', 'missing-key', 'unknown-key', 'revoked-key', 'expired-key', 'not-in-plan',
    'suspended-account', 'broken-service', 'unavailable-service',
  ].map((recipe) => ({ kind: 'recipe' as const, weight: 1, recipe })),
  ...['blocked-word', 'burst', 'daily-limit', 'monthly-limit'].map((recipe) => ({ kind: 'recipe' as const, weight: 2, recipe })),
]
