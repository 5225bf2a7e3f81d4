// The pipeline
export { createGate, type GateSetup } from './gate.ts'
export { createInFlight, type InFlight } from './in-flight.ts'
export type * from './gate-options.ts'

// The seam to whatever carries HTTP
export type * from './call.ts'
export { contextHeaderPrefix } from './context-headers.ts'

// Pieces that adapters share
export { headerValues, mediaType, soleHeader } from './headers.ts'
export { clientId, traceIdOf } from './call-log.ts'

// What a report about an account needs
export { takesOf } from './stage.ts'
