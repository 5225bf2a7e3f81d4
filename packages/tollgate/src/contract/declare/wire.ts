/** The shapes between a refusal and its bytes. Parse and format live side by side: `Contract.render` → `write` and `read`. */
import type { JsonValue, Money } from './facts.ts'
import type { Reason } from './reason.ts'
import type { Action, RetryRule } from './declaration.ts'
import type { Echo, RequestLookup } from '../values/echo.ts'

/** One field at fault, as far as the dialect tells. (A type, since only those are facts.) */
export type WireIssue = {
  /** Dotted path: `items.0.name`. */
  readonly field?: string
  /** Where it stands: `body`, `query`, `path`, `header` or `cookie`. */
  readonly in?: string
  /** What is wrong: `must be at most 5000 characters`. */
  readonly issue?: string
  /** The rule that was broken: `required`, `maxLength`, … */
  readonly rule?: string
}

/** One error as a dialect says it, before it is bytes: values in wire form. */
export interface WireError {
  /** The entry's local id; undefined when an unknown code came in a known envelope. */
  readonly entry: string | undefined
  readonly code: string | number | undefined
  readonly status: number
  readonly message: string
  /** Of the message, where the contract says in which languages it speaks: `de`. */
  readonly language?: string | undefined
  readonly details: { readonly [name: string]: JsonValue }
  /** Field → issues, for dialects that say it so (`$fields`). */
  readonly fields?: { readonly [field: string]: readonly string[] }
  /** The same one by one, for dialects that list them (`$each`). */
  readonly issues?: readonly WireIssue[] | undefined
  /** All errors of an answer that lists more than one; the worst of them is told above. */
  readonly errors?: readonly WireError[]
  readonly requestId?: string
  /** RFC 3339, UTC. */
  readonly timestamp?: string
  /** The page of what it is, where the dialect says it (`$docsUrl`). Written as the contract has it, read as it came. */
  readonly docsUrl?: string
  /** Whole seconds of `Retry-After`. */
  readonly retryAfterSeconds?: number | undefined
  /** False: no wait lets it pass, so that none is told, whatever the status. */
  readonly waitHelps?: false
  /** 405: the methods that are allowed. */
  readonly allow?: readonly string[]
  /** What it says again of the request (`$request.id`), by the paths that the envelope names. Never read: who asked knows it. */
  readonly echo?: Echo | undefined
}

/** What reading adds: the meaning, derived from the entry (or, for an unknown code, from the status). */
export interface ReadError extends WireError {
  readonly reason: Reason
  readonly retry: RetryRule
  readonly action: Action
  readonly errors?: readonly ListedError[]
  /** Of a batch: how many of its items succeeded. To repeat it whole would do them twice. */
  readonly succeeded?: number
}

/** One error of a list. */
export interface ListedError extends ReadError {
  /** Its place in the list, from 0: in a batch the item that was refused. */
  readonly index: number
}

/** An HTTP answer ready for the wire. `headers` is a flat list: name, value, name, value. */
export interface Answer {
  readonly status: number
  readonly headers: readonly string[]
  /** Text goes out as UTF-8. Bytes where it is none: a stored answer of a service may be a picture. */
  readonly body: string | Uint8Array
}

/** What a contract writes is text. */
export interface TextAnswer extends Answer {
  readonly body: string
}

/** An HTTP answer as received. Header names are lower case. */
export interface ReceivedAnswer {
  readonly status: number
  readonly headers: { readonly [name: string]: string | undefined }
  readonly body: string | Uint8Array
}

/** The end of a WebSocket that is open: a text message, as far as the dialect has one, and then a close (RFC 6455 section 5.5.1). */
export interface WebSocketEnd {
  readonly frame: string | undefined
  readonly closeCode: number
  /** At most 123 bytes of UTF-8. */
  readonly closeReason: string
}

/** A close as received. What the client's own side makes up (1005, 1006, 1015) says nothing. */
export interface ReceivedClose {
  readonly code: number
  readonly reason?: string | Uint8Array
}

/** What an answer needs to know besides the refusal. */
export interface AnswerContext {
  readonly requestId: string
  readonly nowMs: number
  /** The limits of the call that the rate headers tell: of each of their sets the tightest. */
  readonly limits?: readonly ShownLimit[] | undefined
  /** Looks into the JSON body of the request that is answered, by dotted path; asked only for what the envelope names (`Contract.echoes`). */
  readonly request?: RequestLookup | undefined
  /** What the request says in `Accept-Language`; looked at only where the contract has several languages (`Contract.languages`). */
  readonly acceptLanguage?: string | undefined
}

/** A limit as the rate headers tell it. Money is exact. */
export interface ShownLimit {
  /** The meter. */
  readonly name: string
  /** The set of headers it is told in; undefined: the main one. */
  readonly of?: string | undefined
  /** Undefined where nothing limits but what is there: of credits. */
  readonly limit?: number | Money
  readonly remaining: number | Money
  readonly used?: number | Money
  /** Undefined where nobody knows: of what is alive at once, and of credits. */
  readonly resetAtMs?: number
  readonly windowMs?: number
  /** Counts what is alive at once. */
  readonly isConcurrency?: boolean
}

/** What an answer says of one limit; servers leave out what they do not know. Amounts of credits are in major units. */
export interface ReadRateLimit {
  /** Of which set of headers, or of which policy. Undefined: the main one. */
  readonly of?: string
  readonly limit?: number
  readonly remaining?: number
  readonly used?: number
  readonly resetAtMs?: number
  readonly windowMs?: number
  /** What is counted, where it is not requests: `content-bytes`, `concurrent-requests`. */
  readonly unit?: string
  /** Whose limit it is, as the server writes it: the key of a partition, in base64. */
  readonly partition?: string
}

/** What one form of a refusal cannot carry. */
export interface Loss {
  /** Members that the contract renders and the wire does not always carry: `code`, `details`, … */
  readonly members: readonly (keyof WireError)[]
  /** Entries that are read back as another one: `{ wrongKey: 'missingKey' }`. */
  readonly entries: { readonly [id: string]: string }
}

/** What does not survive `read(write(x))`, derived from the envelope and the entries. */
export interface LossMask extends Loss {
  /** The same of what is said once a WebSocket is open, where the contract has a form for it. `frame` undefined: none is sent. */
  readonly webSocket?: { readonly frame: Loss | undefined; readonly close: Loss }
}
