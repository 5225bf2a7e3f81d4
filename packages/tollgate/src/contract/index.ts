// Define
export { defineContract, parseContract, type ContractOptions, type ParsedContract } from './define-contract.ts'
export { ContractError, formatProblem, type ContractProblem } from './contract-error.ts'
export { contractSchema } from './contract-schema.ts'
export type { Reader, ReaderAnswer, ReaderResult } from './reader.ts'
export type { CodeOf, DetailsOf, EntryId, FactsOf, ReadEntry, ReadErrorOf, SaidDetailsOf } from './inferred.ts'
export type { CommonFacts } from './entry-facts.ts'

// The declaration
export type {
  Action,
  ContractDeclaration,
  DetailDeclaration,
  DetailType,
  EntryDeclaration,
  EnvelopeDeclaration,
  RateLimitHeadersDeclaration,
  RequestIdDeclaration,
  RetryRule,
  StreamDeclaration,
  Template,
} from './declaration.ts'

// Reasons, facts, refusals
export { nearestReason } from './nearest-reason.ts'
export { reasonFamilies, serverReasons, type ClientReason, type Reason, type ReasonPattern, type ServerReason } from './reason.ts'
export type { FactName, Facts, FactValue, JsonValue, Money } from './facts.ts'
export { refuse, type Refusal, type RefusalOptions, type Source } from './refusal.ts'
export { RefusalError } from './refusal-error.ts'

// The compiled contract and its wire
export type { Contract, Entry, HiddenRefusals } from './contract.ts'
export { rulesWhere, type Rules } from './entry-rules.ts'
export type { Answer, AnswerContext, LossMask, ReadError, ReceivedAnswer, TextAnswer, WireError } from './wire.ts'
export { toReceivedHeaders } from './received-headers.ts'

// Wire values that others need too
export { BODY_DEPTH_MAX, isTooDeep, parseBoundedJson, toBoundedText } from './bounded-json.ts'
export { formatDuration, parseDuration } from './duration.ts'
export { formatMoney, parseMoney } from './money.ts'
export { memberOf, valueAt } from './value-at.ts'
export { parseRateLimitHeaders, type ReadRateLimit } from './rate-limit-headers.ts'
