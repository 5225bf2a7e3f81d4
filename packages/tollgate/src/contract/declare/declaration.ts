/**
 * The contract as written down: a plain serialisable object, in TypeScript, YAML or JSON. Everything else derives from it.
 *
 * Slots are strings that begin with `$`: `$code`, `$message`, `$details`, `$requestId`, `$timestamp`, `$status`, `$data`, `$docsUrl`, `$details.NAME`,
 * `$fields`, or the name of an entry's attribute (`$type`). A suffix says what stands there when the value is empty:
 * none: always present (`{}`, `""`, …) · `?`: absent · `|null`: null. The key `...` spreads `$details` into its object. `$$x` is the literal `$x`.
 *
 * `$request.NAME` is what stands in the request's own JSON body at that dotted path (`$request.id`): a small value as it came, otherwise nothing, and so null.
 *
 * `{ $each: '$fields', as: … }` is a list with an item for each field at fault, `$errors` the same with the refusal itself where there is none, and `$data`
 * that of a success; in an item stand `$field`, `$property`, `$path`, `$pointer`, `$parameter`, `$in`, `$issue` and `$rule`. With `key: '$field'` it is a map: of the
 * items of a key it holds the first, and where `as` is a list of one form, `['$issue']`, all of them. In a longer text a slot is written `{code}`. A key that ends
 * in `?` is left out where no slot in its value has one.
 *
 * The same template reads: what is there must not contradict it, what is missing is forgiven, except a code that the dialect always sends.
 */
import type { FactValue, JsonValue, knownValues } from './facts.ts'
import type { ReasonPattern, ServerReason } from './reason.ts'
import type { Source } from './refusal.ts'

/** What a client may do by itself. It belongs to the entry, never to the HTTP status. */
export const retryRules = ['never', 'wait', 'backoff', 'refresh'] as const
/** What a client may do by itself: nothing, wait as long as the server says, wait longer with each attempt, or get new credentials and repeat once. */
export type RetryRule = (typeof retryRules)[number]

/** What a person should do. */
export const actions = [
  'fix_request',
  'authenticate',
  'refresh_credentials',
  'request_access',
  'pay_or_upgrade',
  'wait',
  'wait_for_reset',
  'free_resource',
  'use_new_idempotency_key',
  'contact_support',
] as const
/** What a person should do about a refusal. */
export type Action = (typeof actions)[number]

export const detailTypes = ['string', 'integer', 'number', 'boolean', 'strings', 'money', 'timestamp', 'unix', 'seconds', 'digits', 'json'] as const
/** What a detail is on the wire; `DetailDeclaration` says how each is written. */
export type DetailType = (typeof detailTypes)[number]

/**
 * `type`, then `?` (absent when unknown) or `|null` (null when unknown), then the fact it comes from when that has another name:
 * `integer`, `timestamp? from resetAtMs`, `string|null`. Without a suffix the entry promises the detail; should its fact be missing all the same,
 * it is left out rather than invented.
 *
 * A fact under the detail's own name wins and is taken in wire form. A detail named like an attribute of its entry has that constant value, and tells
 * the entry from others of the same code when read.
 *
 * On the wire: `money` a number in major units · `timestamp` RFC 3339 UTC · `unix` epoch seconds · `seconds` whole seconds, rounded up, at
 * least 1 · `digits` an integer as a string · `strings` an array of strings · `json` any JSON.
 */
export type DetailDeclaration =
  | DetailType
  | `${DetailType}${WhenUnknown}`
  | `${Exclude<DetailType, TimeType>}${'' | WhenUnknown} from ${string}`
  // A time is converted, so that its fact must be one of milliseconds.
  | `${TimeType}${'' | WhenUnknown} from ${string}Ms`

type WhenUnknown = '?' | '|null'
type TimeType = 'timestamp' | 'unix' | 'seconds'

/** A JSON template with slots. */
export type Template = JsonValue

/**
 * One kind of refusal of an API: what it is on the wire, what happened, what to do about it.
 *
 * @example
 * const soldOut = {
 *   code: 'SOLD_OUT', status: 409, reason: 'resource.conflict', when: { resource: 'stock' }, action: 'wait',
 *   message: ['Only {left} left.', 'Sold out.'], details: { left: 'integer? from remaining' },
 *   description: 'Fewer units are left than were asked for.', remedy: 'Ask for fewer, or later.',
 * } satisfies EntryDeclaration
 */
export interface EntryDeclaration {
  /** Without one, or with the empty string, this entry is sent without a code: its envelope must then have none, or `$code?` or `$code|null`. */
  readonly code?: string | number
  /** What it means: 429. */
  readonly status: number
  /** What stands on the wire in its place, where an API hides it: 200. Default: `alwaysStatus`, else `status`. */
  readonly sentAs?: number
  /** What closes a WebSocket that was open (RFC 6455 section 7.4). Default: `envelope.webSocket.close.code`, else what the reason asks for. */
  readonly closeCode?: number
  /** By what an answer is read as this entry, beside its own code and status. A text is a sentence. */
  readonly read?: OneOf<string> | ReadDeclaration
  readonly reason: ServerReason
  /** Other reasons that this entry speaks for when no entry has them as its own. */
  readonly alsoFor?: readonly ReasonPattern[]
  /** Refinement within a reason: the entry is chosen only if each named fact equals the value, or is one of the values. */
  readonly when?: Refinement
  /**
   * The sentence, with `{name}` for details and facts (`{name:money}` prints two decimals or more; `{{` is a brace). Of several, the first whose
   * figures are all known is sent. The last may need only required details, attributes, `{code}`, `{status}` and `{requestId}`; should one of those be
   * missing all the same, the sentences that need it are left out.
   *
   * By language, where an API has several: `{ en: 'Too fast.', de: 'Zu schnell.' }`. `Accept-Language` decides, and else the language of the contract.
   */
  readonly message: Sentences | { readonly [language: string]: Sentences }
  readonly details?: { readonly [name: string]: DetailDeclaration }
  /** Default of both: what the reason asks for (`entry-rules.ts`). */
  readonly retry?: RetryRule
  readonly action?: Action
  /** Who refused or failed, where the reason does not say it. Default: `upstream` for `upstream.*`, else `api`. */
  readonly source?: Source
  /** What `Retry-After` says when no exact wait is known (429 and 503 always carry it). Required for `wait` under any other status. */
  readonly retryAfterSeconds?: number
  /** Extra constants that the envelope shows: `{ type: 'rate_limit_error' }` for the slot `$type`. */
  readonly attributes?: { readonly [name: string]: string | number | boolean | null }
  /** Headers of this entry alone; values may hold `{name}` of its details and attributes. One whose figure is unknown is left out. */
  readonly headers?: { readonly [name: string]: string }
  /** Which of `envelope.families` it is written in. Default: `envelope.error`. */
  readonly family?: string
  /** Where the wire cannot tell entries apart, the primary one is read. Default: the first declared. */
  readonly primary?: boolean
  /** The real condition behind it, for the docs page. */
  readonly description: string
  readonly remedy?: string
  /** What it is told in the example of the docs, as facts: `{ field: 'avatar_id', issue: 'is required' }`. Default: figures that are made up. */
  readonly example?: { readonly [fact: string]: FactValue }
  /** The version of the API that has it first, for its page: `1.4`, `2026-03-01`. */
  readonly since?: string
  /** What became different later, by version: `{ '1.6': 'Its wait stands in the body, too.' }`. */
  readonly changed?: { readonly [version: string]: string }
}

/** A sentence, or several of which the first is sent whose figures are all known. */
export type Sentences = string | readonly string[]

/** Facts with the values that they must have. Those of a closed vocabulary take its words only. */
export interface Refinement {
  readonly failure?: OneOf<(typeof knownValues.failure)[number]>
  readonly state?: OneOf<(typeof knownValues.state)[number]>
  readonly counts?: OneOf<(typeof knownValues.counts)[number]>
  readonly subject?: OneOf<(typeof knownValues.subject)[number]>
  readonly [fact: string]: string | number | boolean | readonly (string | number)[] | undefined
}

type OneOf<Word> = Word | readonly Word[]

export const statusRanges = ['2xx', '3xx', '4xx', '5xx'] as const
/** A hundred statuses: `5xx` is 500 to 599. */
export type StatusRange = (typeof statusRanges)[number]

/** In `message` and `code` a `*` stands for anything, also for nothing; a star itself is written `**`. What is exact comes before what is a pattern. */
export interface ReadDeclaration {
  /** Only with a sentence that fits: `Max rate limit*`. Without it any sentence will do. */
  readonly message?: OneOf<string>
  /** Codes that are no entry's own, too: `resolve_failed_*`. The error that is read has the code that was sent. */
  readonly code?: OneOf<string | number>
  /** Other statuses, too: `5xx`. */
  readonly status?: OneOf<number | StatusRange>
}

/** How an error is said in the middle of a stream of server-sent events. */
export interface StreamDeclaration {
  /** The SSE event name, when the dialect has one. */
  readonly event?: string
  /** Default: `envelope.error`. */
  readonly data?: Template
  /** How a whole stream says that it is whole; of several each one does. A stream that ends without it was cut off. Default: nothing says it. */
  readonly end?: OneOf<StreamEnd>
  /** The data of the frame that follows the error, where the dialect sends one (`[DONE]`). */
  readonly afterError?: string
}

/** The event with which a stream ends: by its data (`[DONE]`), by its name (`message_stop`), or by both. */
export interface StreamEnd {
  readonly data?: string
  readonly event?: string
}

/** How an error is said once a WebSocket is open: by a message, and by the close that follows it. */
export interface WebSocketDeclaration {
  /** The text of the message. Default: `envelope.error`. `null`: none is sent, and the close says it all. */
  readonly frame?: Template | null
  readonly close?: CloseDeclaration
}

/** The close of a WebSocket: one code, and a few words (RFC 6455 section 5.5.1). */
export interface CloseDeclaration {
  /** For entries without a `closeCode`: one for all of them, or their status behind a figure, `4{status}`. Default: what the reason asks for (`close-code.ts`). */
  readonly code?: number | string
  /** A slot, or a text with slots in it; what is longer than 123 bytes is cut. Default: `$code`. */
  readonly reason?: string
}

/**
 * The shape of answers: JSON with slots (see the head of this file), which both writes and reads.
 *
 * @example
 * const envelope = {
 *   error: { ok: false, error: { code: '$code', message: '$message', '...': '$details' }, request_id: '$requestId' },
 *   success: { ok: true, data: '$data', request_id: '$requestId' },
 * } satisfies EnvelopeDeclaration
 */
export interface EnvelopeDeclaration {
  readonly error: Template
  readonly success?: Template
  /** Whether several requests may come as a list, which is answered by one: as in JSON-RPC. */
  readonly batch?: boolean
  readonly stream?: StreamDeclaration
  readonly webSocket?: WebSocketDeclaration
  /** Further error shapes of the same API, chosen by `entry.family`. */
  readonly families?: { readonly [name: string]: Template }
  /**
   * Default `application/json`; any other name of JSON; a name of XML: then a template has one root, a key is an element, `@key` an attribute, and `#text` the
   * text beside attributes; `application/x-www-form-urlencoded`: then each template is one object of single texts; or `text/plain`: then it is one string with slots anywhere in it, `$code: $message`. No other format is taken, for
   * none escapes the values that go into it.
   */
  readonly contentType?: string
}

export const resetUnits = ['unix', 'unix-ms', 'seconds', 'ms', 'duration', 'date', 'timestamp'] as const
/**
 * How a reset is written. `unix`: epoch seconds · `unix-ms`: epoch milliseconds · `seconds`, `ms`: from now · `duration`: from now, as Go writes it (`6m0s`) ·
 * `date`: as HTTP writes it (RFC 9110 section 5.6.7) · `timestamp`: RFC 3339.
 */
export type ResetUnit = (typeof resetUnits)[number]

/** The names of the headers that tell every caller one limit, as far as the API has them. */
export interface RateLimitHeaderSet {
  /** What is limited, where there are several sets: `tokens`. A meter of the gateway names it (`inHeaders: tokens`). One set may have none: the main one. */
  readonly of?: string
  readonly limit?: string
  readonly remaining?: string
  readonly used?: string
  readonly reset?: string
  readonly resetUnit?: ResetUnit
}

/** One set of headers, or several. `draft-11`: `RateLimit` and `RateLimit-Policy` as that draft of the IETF has them, with every limit that is shown. */
export type RateLimitHeadersDeclaration = RateLimitHeaderSet | readonly RateLimitHeaderSet[] | 'draft-11'

/** What the ids of requests look like, and in which header they go out. */
export interface RequestIdDeclaration {
  /** `uuid`: version 4. `hex` and `base62`: 128 random bits. */
  readonly format: 'uuid' | 'hex' | 'base62'
  readonly prefix?: string
  /** Default `x-request-id`. */
  readonly header?: string
}

/**
 * What the author says to readers of the docs, beside what follows from the contract: Markdown, a text for each page. Headings begin at the second level.
 *
 * @example
 * const guides = { support: 'Write to <help@shop.example> with the request id.' } satisfies GuidesDeclaration
 */
export interface GuidesDeclaration {
  /** The first page: what the API is, what a success looks like, where else to read. */
  readonly overview?: string
  /** How a request says who calls. */
  readonly authentication?: string
  /** How often, and after which pauses, a request is tried again. */
  readonly retries?: string
  /** What is counted, whose it is, and when it begins anew. */
  readonly limits?: string
  readonly idempotency?: string
  readonly requestIds?: string
  readonly streams?: string
  /** Whom to ask, and what to tell them. */
  readonly support?: string
}

/** An answer as a page shows it. It is held against the contract by `lintContract`, and by nothing else. */
export interface ExampleDeclaration {
  readonly title?: string
  /** The entry that it is said to show. */
  readonly entry?: string
  /** It shows a success. */
  readonly success?: boolean
  /** What it answers: `POST /v1/sessions`. */
  readonly request?: string
  readonly requestBody?: JsonValue
  readonly status?: number
  /** All that it shows of them; without it, it shows none. */
  readonly headers?: { readonly [name: string]: string }
  readonly body: JsonValue
}

/** What is said of the contract elsewhere: on another page, in a sample, in an SDK. It is held against the contract by `lintContract`, and by nothing else. */
export interface DocumentedDeclaration {
  /** `the sample "retryWithBackoff"` */
  readonly where: string
  /** Of which entries: ids, codes, statuses, or ranges of them (`4xx`). Default: of the API as a whole. */
  readonly of?: OneOf<string | number>
  /** Members of an entry (`retry`, `status`, `message`, …), or anything else that several places say. */
  readonly says?: { readonly [name: string]: string | number | boolean }
  /** What it lists as all there are. */
  readonly lists?: { readonly codes?: readonly (string | number)[]; readonly statuses?: readonly (number | string)[] }
}

/** A rule of `lintContract` that has nothing to say here, and why. */
export interface IgnoredRule {
  readonly rule: string
  /** Where: a path, with all that is below it, and `*` for any part of it. Default: anywhere. */
  readonly path?: string
  readonly reason: string
}

/**
 * A whole contract, as it is written down. `defineContract` holds it against all that a contract must keep.
 *
 * @example
 * const declaration = {
 *   name: 'shop',
 *   title: 'Shop',
 *   envelope: { error: { error: { code: '$code', message: '$message' } } },
 *   entries: {
 *     failed: {
 *       code: 'FAILED', status: 500, reason: 'internal', alsoFor: serverReasons.filter((reason) => reason !== 'internal'),
 *       message: 'Something failed.', description: 'Something failed that should not have.',
 *     },
 *   },
 * } satisfies ContractDeclaration
 * defineContract(declaration).entries.size // => 1
 */
export interface ContractDeclaration {
  readonly name: string
  readonly title: string
  /** Of its messages: `en`. Required where one has several: then it is sent where no other is asked for (RFC 9110 section 12.5.4). */
  readonly language?: string
  /** Where the API documents its errors. The slot `$docsUrl` is below it: the page of the entry in the reference that `tollgate docs` writes. */
  readonly docs?: string
  readonly requestId?: RequestIdDeclaration
  /**
   * The challenge of every 401 and 407 (RFC 9110 section 11.6.1): `ApiKey realm="chatads"`. Required if an entry has one of these. A single `Bearer` challenge adds
   * `error="invalid_token"` by itself where a credential was sent and does not serve.
   */
  readonly authenticate?: string
  /** Answer every refusal with this status instead of its own, but for entries that say `sentAs`; the body stays the same. For dialects that say 200 always. */
  readonly alwaysStatus?: number
  readonly rateLimitHeaders?: RateLimitHeadersDeclaration
  /** The header of requests under which the API takes a key, so that what was done is not done twice: `Idempotency-Key`. Default: it takes none. */
  readonly idempotencyKey?: string
  /** Whether its messages say in words how long to wait ("Please try again in 20s"): read where neither a header nor a detail says it. */
  readonly waitInMessage?: boolean
  readonly envelope: EnvelopeDeclaration
  /** Headers on every refusal; a value may be a slot (`$code`, as AWS does), or hold slots (`{code}: {message}`). One whose slot is empty is left out. */
  readonly headers?: { readonly [name: string]: string }
  readonly entries: { readonly [id: string]: EntryDeclaration }
  /** The author's own words for the pages of the docs. */
  readonly guides?: GuidesDeclaration
  /** For dialects that we read and never write: neither the reasons nor the HTTP duties are checked. */
  readonly decodeOnly?: boolean
  /** Answers as the API's pages show them. */
  readonly examples?: readonly ExampleDeclaration[]
  /** What is said of it elsewhere. */
  readonly documented?: readonly DocumentedDeclaration[]
  /** What a review is not to say of it. */
  readonly lint?: { readonly ignore: readonly IgnoredRule[] }
}
