// Time
export { createManualClock } from './manual-clock.ts'
export type { ManualClock } from './manual-clock.ts'

// Is this a store?
export { storeConformanceCases } from './store-conformance.ts'
export type { StoreConformanceCase, StoreHarness } from './store-conformance.ts'
