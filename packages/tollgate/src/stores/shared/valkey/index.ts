// Counters that several gateways share
export { createValkeyCounters } from './valkey-counters.ts'
export type { ValkeyCounters, ValkeyCountersOptions } from './valkey-counters.ts'
export type { ValkeyClient } from './valkey-client.ts'
