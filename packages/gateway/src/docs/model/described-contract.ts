/** What every page, document and check wants to know of a contract, as plain data: derived from it, and nowhere written twice. */
import type { Action, ContractDeclaration, DetailType, Facts, JsonValue, RetryRule, ServerReason, TextAnswer, WebSocketEnd } from 'tollgate/contract'
import type { Actor } from './words/action-words.ts'

export interface DescribedContract {
  readonly name: string
  readonly title: string
  /** As it was written down; also what stands in `contract.json`. */
  readonly declaration: ContractDeclaration
  /** Where the reference is published, without a final slash. Undefined where nobody says it. */
  readonly docsUrl: string | undefined
  /** Of its messages, the contract's own first; none where it does not say. */
  readonly languages: readonly string[]
  /** The instant at which all its examples happen. */
  readonly nowMs: number
  readonly requestId: { readonly header: string; readonly example: string; /** Where it stands in the body. */ readonly place: string | undefined }
  /** The members of its envelope that differ from answer to answer, in order. */
  readonly members: readonly DescribedMember[]
  /** Of `envelope.families`, by name. */
  readonly families: { readonly [name: string]: readonly DescribedMember[] }
  /** The names of its rate headers, with what they say; none where it has none. */
  readonly rateHeaders: readonly DescribedHeader[]
  /** The header under which it takes a key, so that nothing is done twice. */
  readonly idempotencyKey: string | undefined
  /** A success in its form. */
  readonly success: TextAnswer
  /** In the order of the contract. */
  readonly entries: readonly DescribedEntry[]
}

/** A place in the envelope that a slot fills. */
export interface DescribedMember {
  /** `error.code`; items of a list: `errors[].code`. */
  readonly place: string
  /** `code`, `details`, or the name of an attribute. */
  readonly slot: string
  /** Whether it stands there in every answer. */
  readonly always: boolean
  readonly meaning: string
}

export interface DescribedHeader {
  readonly name: string
  /** As in the example. */
  readonly value: string
  /** Empty where nobody says it. */
  readonly meaning: string
}

export interface DescribedEntry {
  readonly id: string
  /** Empty where it is sent without one. */
  readonly code: string | number
  readonly status: number
  /** The status on the wire. */
  readonly sentAs: number
  readonly reason: ServerReason
  /** In words: `resource is "product"`. */
  readonly when: readonly string[]
  /** Of its id, for people: `Daily quota exceeded`. */
  readonly title: string
  /** One sentence, in the author's Markdown. */
  readonly meaning: string
  /** All that the author says of it, in Markdown. */
  readonly description: string
  readonly remedy: string | undefined
  /** Its own reason first, then those that it speaks for. */
  readonly causes: readonly DescribedCause[]
  /** What it says, by language: under the empty name where the contract names none. */
  readonly messages: { readonly [language: string]: readonly string[] }
  readonly retry: DescribedRetry
  readonly actor: Actor
  readonly action: { readonly id: Action; readonly title: string; readonly words: string }
  /** What to do, in order: what the author says, then what holds for each such action. In Markdown. */
  readonly steps: readonly string[]
  readonly facts: readonly DescribedFact[]
  /** Of the example's answer, in order. */
  readonly headers: readonly DescribedHeader[]
  readonly example: DescribedExample
  /** The same refusal in the middle of a stream of events; undefined where the contract has no form for it. */
  readonly streamFrame: string | undefined
  /** The same where a WebSocket is open. */
  readonly webSocketEnd: WebSocketEnd | undefined
  /** Those that a caller may take it for, and that are cured in another way. */
  readonly related: readonly DescribedRelation[]
  /** Of its page, below where the reference is published: `errors/dailyQuota`. */
  readonly address: string
  /** Of the page of its code. Undefined where it has none. */
  readonly codeAddress: string | undefined
}

export interface DescribedCause {
  readonly reason: ServerReason
  readonly title: string
  readonly words: string
}

export interface DescribedRetry {
  readonly rule: RetryRule
  readonly title: string
  readonly words: string
  /** By which clock; undefined where there is nothing to wait for. */
  readonly clock: DescribedClock | undefined
}

/** `answer`: as long as the answer says. `own`: pauses of the caller's own, not before what the answer says. `reset`: nothing a program waits for, but when it begins anew. */
export interface DescribedClock {
  readonly kind: 'answer' | 'own' | 'reset'
  /** Where the answer says it: `Retry-After`, `error.details.retry_after`. */
  readonly toldBy: readonly string[]
  readonly words: string
}

export interface DescribedFact {
  /** Under which a gateway tells it: `resetAtMs`. */
  readonly name: string
  readonly wireName: string
  /** Where it stands in the body: `error.details.reset_at`. Undefined where this envelope has no place for it. */
  readonly place: string | undefined
  readonly detailType: DetailType
  /** In words of JSON: `integer`. */
  readonly type: string
  readonly unit: string | undefined
  /** Whether it is always there, and what stands there where it is not known. */
  readonly always: boolean
  readonly whenUnknown: 'required' | 'absent' | 'null'
  /** The same in each answer of this entry. */
  readonly constant: JsonValue | undefined
  /** Empty where nobody says it. */
  readonly meaning: string
  /** As in the example. */
  readonly example: JsonValue | undefined
}

export interface DescribedExample {
  readonly facts: Facts
  /** As the contract writes it, byte for byte. */
  readonly answer: TextAnswer
}

export interface DescribedRelation {
  readonly id: string
  readonly why: string
}
