import type { ReasonPattern } from './reason.ts'

/**
 * What a service does not say by itself. Credentials, rates, quotas and money are what the gateway is in front for: a service that refuses so refuses the
 * gateway itself, unless the API or the route lists it under `may`.
 */
export const gatewaysOwn = ['credential.*', 'token.*', 'rate.*', 'quota.*', 'concurrency.*', 'credit.*', 'idempotency.*'] as const satisfies readonly ReasonPattern[]
