// The pipeline
export { createGate, type GateSetup } from './gate.ts'
export { createInFlight, type InFlight } from './way-in/in-flight.ts'
export type * from './gate-options.ts'
export type { CredentialInHeader, CredentialInQuery, CredentialInSubprotocol, CredentialPlace } from './way-in/credential-place.ts'
export type * from './steps/step-options.ts'
export type * from './steps/request-check.ts'
export { faultsOfCors, type CorsFault } from './way-in/cors-faults.ts'
export { hasAfterlife } from './route-plan.ts'
export { defaultHold } from './steps/step-plan.ts'

// While the store does not answer
export { decideOnFailure, type FailureDecision, type OnStoreFailure, type StoreFailurePolicy } from './store-failure/failure-policy.ts'

// Answers of the gateway's own
export type { Handled, HandledCall, Handler, HandlerSuccess, Handlers } from './call/handled-call.ts'
export type { Found, OrRefusal } from './or-refusal.ts'
export { createTokenHandlers, defaultTokenTimes, withSecret, type TokenHandlers, type TokenHandlersOptions, type TokenRules } from './call/token-handlers.ts'
export type { ForeignClaims, TokenIssuer, TokenVerifier, VerifiedToken } from './way-in/token-verifier.ts'
export type { Principal } from './way-in/principal.ts'

// What services may say, and what they ask of the gateway
export { refusesGateway } from './way-out/bare-status.ts'
export { isSayable, namesOfRefusals } from './way-out/may-say.ts'

// The seam to whatever carries HTTP
export type * from './call.ts'
export { answerWith, nothingAfter } from './answer-with.ts'
export type { BodyPace } from './steps/body-pace.ts'
export type { HeldBody } from './way-out/held-body.ts'
export { contextHeaderPrefix } from './way-out/context-headers.ts'

// Paths as routes declare them, and as servers read them
export { parseRoutePattern, type RoutePattern, type PatternSegment } from './way-in/route-pattern.ts'
export { likeness } from './way-in/path-reading.ts'

// Pieces that adapters share
export { withoutCredentialForms } from './way-out/credential-forms.ts'
export { canonicalIp, defaultIpv6Prefix } from './way-in/ip-address.ts'
export { isWithinAny, networkFault, parseNetwork, type IpNetwork } from './way-in/ip-network.ts'
export { codingsOf, decodedBody, type Decoder, type Decompress } from './way-out/content-coding.ts'
export { parseFigurePath } from './price/figure-path.ts'
export { queryOf, queryPairs, type QueryPair } from './way-in/query.ts'
export { headerValues, mediaType, soleHeader, withoutHeaders } from './headers.ts'
export { joinHeaders } from './joined-headers.ts'
export { clientId } from './call/call-log.ts'
export { readTraceContext, type TraceContext } from './way-in/trace-context.ts'

// What a report about an account needs
export { takesOf } from './steps/takes.ts'
