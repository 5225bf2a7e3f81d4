// The pipeline
export { createGate, type GateSetup } from './gate.ts'
export { createInFlight, type InFlight } from './in-flight.ts'
export type * from './gate-options.ts'
export type * from './step-options.ts'
export type * from './request-check.ts'
export { faultsOfCors, type CorsFault } from './cors-faults.ts'
export { hasAfterlife } from './route-plan.ts'
export { defaultHold } from './step-plan.ts'

// Answers of the gateway's own
export type { Handled, HandledCall, Handler } from './handled-call.ts'
export { createTokenHandlers, defaultTokenTimes, withSecret, type TokenHandlers, type TokenHandlersOptions } from './token-handlers.ts'
export type { ForeignClaims, TokenIssuer, TokenVerifier, VerifiedToken } from './token-verifier.ts'
export type { Principal } from './principal.ts'

// What services may say, and what they ask of the gateway
export { refusesGateway } from './bare-status.ts'
export { namesForMay } from './may-say.ts'
export { createCallApi, type CallApi, type CallApiSetup } from './call-api.ts'

// The seam to whatever carries HTTP
export type * from './call.ts'
export { answerWith } from './verdict.ts'
export type { BodyPace } from './body-pace.ts'
export type { HeldBody } from './held-body.ts'
export { contextHeaderPrefix } from './context-headers.ts'

// Paths as routes declare them, and as servers read them
export { parsePattern, type Pattern, type PatternSegment } from './route-pattern.ts'
export { likeness } from './path-reading.ts'

// Pieces that adapters share
export { withoutCredentialForms } from './credential-forms.ts'
export { canonicalIp, defaultIpv6Prefix } from './ip-address.ts'
export { codingsOf, decodedBody, type Decoder, type Decompress } from './content-coding.ts'
export { parseFigurePath } from './figure-path.ts'
export { headerValues, mediaType, soleHeader, withoutHeaders } from './headers.ts'
export { hasTwins } from './json-twins.ts'
export { joinHeaders } from './joined-headers.ts'
export { clientId } from './call-log.ts'
export { readTraceContext, type TraceContext } from './trace-context.ts'

// What a report about an account needs
export { takesOf } from './takes.ts'
