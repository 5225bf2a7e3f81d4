// Time
export { createManualClock } from './manual-clock.ts'
export type { ManualClock } from './manual-clock.ts'

// Is this a store?
export { storeConformanceCases } from './store-conformance.ts'
// Or a part of one?
export { countersConformanceCases } from './counters-conformance.ts'
export { moneyConformanceCases } from './money-conformance.ts'
export { documentsConformanceCases } from './documents-conformance.ts'
export { journalConformanceCases } from './journal-conformance.ts'
export type { StoreConformanceCase, StoreHarness } from './store-conformance.ts'

// Is this a contract?
export { contractConformanceCases } from './contract-conformance.ts'
export type { ConformanceCase } from './contract-conformance.ts'
export { findDifferences, findRoundTripDifferences } from './contract-round-trip.ts'
export { typicalFacts } from './typical-facts.ts'
