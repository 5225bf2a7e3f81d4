// Counters in one engine, all else in another
export { createCompositeStore } from './composite-store.ts'
export type { CompositeStoreOptions } from './composite-store.ts'
export type { ReturningCounters } from '../../engine/counters.ts'
