// One call, as the gateway tells it to the service behind it
export { callOf, type Call } from './call-of.ts'
export type { CallContext, CallHeaders, CountUsage, MoneyUsage, Usage } from './call-context.ts'

// What a service settles of it, with its request or long after
export { callAt, type CallActions, type Charged, type Done } from './call-actions.ts'
export type { Missed } from './ask.ts'
export type { CallOptions } from './call-options.ts'

// What a service answers
export { later, priceHeader, refusal, type ProblemAnswer } from './answer.ts'
export { refusalsOf, type Refusals, type RefusalsOptions } from './refusals-of.ts'
