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

// An API that is not there: played, and its client graded
export { createMock, type Mock, type MockOptions } from './mock/create-mock.ts'
export type { MockCore, MockInstant } from './mock/mock-core.ts'
export type { MockPiece, MockPlan, MockRequest } from './mock/mock-plan.ts'
export type { MockCut, MockIdempotency, MockRaw, MockRule, MockScript, MockStep, MockSuccess, MockTokens } from './mock/mock-script.ts'
export type { MockAttempt, MockCall, MockPlayed } from './mock/mock-attempt.ts'
export type { MockFault } from './mock/grading-rule.ts'
export { expectationFault, expectationForms, expectationPattern, type MockExpectation } from './mock/expectation.ts'
export { formatReport, gradingRules, type GradedRule, type MockReport } from './mock/mock-report.ts'
export { parseDemand, toFactValue, type Demand } from './mock/on-demand.ts'
export { findScriptFaults, type ScriptFault } from './mock/script-faults.ts'
export { mswHandlers, type MswHttp } from './mock/msw-handlers.ts'
