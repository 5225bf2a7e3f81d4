// A refusal, whoever said it
export { readRefusal, readEvent, type Certainty, type ReadRefusal, type ReadRefusalOptions } from './read-refusal.ts'
export { readResponse, type ReadResponseOptions, type ResponseLike } from './read-response.ts'
export type { AnsweredBy } from './answerers.ts'

// What it says beside
export { adviceOf, type Advice, type AdviceOptions } from './advice.ts'
export { readToldLimits } from './told-limits.ts'
export { parseChallenges, type Challenge } from './challenges.ts'
export { paymentOf, type PaymentChallenge } from './payment.ts'
