// Define
export { defineContract, parseContract, type ContractOptions, type ParsedContract } from './declare/define-contract.ts'
export { ContractError, formatContractProblem, type ContractProblem } from './check/contract-error.ts'
export { contractSchema } from './declare/contract-schema.ts'
export type { Reader, ReaderAnswer, ReaderResult } from './read/reader.ts'
export type { XmlElement, XmlParser } from './read/xml-tree.ts'
export { bodyFormatOf, type BodyFormat } from './write/body-format.ts'
export type { CodeOf, DetailsOf, EntryId, FactsOf, ReadEntry, ReadErrorOf, SaidDetailsOf } from './declare/inferred.ts'
export type { CommonFacts } from './declare/entry-facts.ts'

// The declaration
export type {
  Action,
  CloseDeclaration,
  ContractDeclaration,
  DetailDeclaration,
  DetailType,
  DocumentedDeclaration,
  EntryDeclaration,
  EnvelopeDeclaration,
  ExampleDeclaration,
  GuidesDeclaration,
  IgnoredRule,
  RateLimitHeadersDeclaration,
  ReadDeclaration,
  RequestIdDeclaration,
  RetryRule,
  StatusRange,
  StreamDeclaration,
  StreamEnd,
  Template,
  WebSocketDeclaration,
} from './declare/declaration.ts'

// Reasons, facts, refusals
export { nearestReason } from './declare/nearest-reason.ts'
export { reasonFamilies, serverReasons, type ClientReason, type Reason, type ReasonPattern, type ServerReason } from './declare/reason.ts'
export type { FactName, Facts, FactValue, JsonValue, Money } from './declare/facts.ts'
export { refuse, type Refusal, type RefusalOptions, type Source } from './declare/refusal.ts'
export { RefusalError } from './declare/refusal-error.ts'

// The compiled contract and its wire
export { datesPart } from './read/parts/dates-part.ts'
export { formsPart } from './read/parts/forms-part.ts'
export { listsPart } from './read/parts/lists-part.ts'
export { patternsPart } from './read/parts/patterns-part.ts'
export { readerPart } from './read/parts/reader-part.ts'
export type { ReadingParts } from './read/parts/reading-parts.ts'
export { successesPart } from './read/parts/successes-part.ts'
export { textsPart } from './read/parts/texts-part.ts'
export { waitsPart } from './read/parts/waits-part.ts'
export { xmlPart } from './read/parts/xml-part.ts'
export { defineDialect, type DefinedDialect, type Dialect, type DialectOptions } from './read/dialect.ts'
export type { Contract, Entry, HiddenRefusals } from './declare/contract.ts'
export { sentencesIn } from './declare/messages.ts'
export { envelopeTemplates, type EnvelopeTemplates } from './write/envelope-templates.ts'
export { placedDetails, type EachNode, type ItemSlot, type Slot, type SlotPolicy, type TemplateMember, type TemplateNode } from './write/template.ts'
export type { Detail } from './declare/details.ts'
export { rulesWhere, type Rules } from './declare/entry-rules.ts'
export type { Answer, AnswerContext, ListedError, Loss, LossMask, ReadError, ReadRateLimit, ReceivedAnswer, ReceivedClose, ShownLimit, TextAnswer, WebSocketEnd, WireError, WireIssue } from './declare/wire.ts'
export { explainReading, type ReadingExplanation } from './read/explain-reading.ts'
export { toReceivedHeaders } from './read/received-headers.ts'

// Wire values that others need too
export { BODY_DEPTH_MAX, isTooDeep, parseBoundedJson, toBoundedText } from './read/bounded-json.ts'
export { hasTwins } from './read/json-twins.ts'
export { compact, type Compact } from './values/compact.ts'
export { formatGoDuration, parseGoDuration } from './values/go-duration.ts'
export { formatMoney, parseMoney } from './values/money.ts'
export { entryAddress } from './values/docs-address.ts'
export { memberOf, valueAt } from './read/value-at.ts'
export { headerSets, parseRateLimitHeaders } from './values/rate-limit-headers.ts'

// Slips of the fingers
export { nearestName } from './check/nearest-name.ts'
