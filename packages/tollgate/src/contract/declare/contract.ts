import type { ContractProblem } from '../check/contract-error.ts'
import type { Facts, JsonValue } from './facts.ts'
import type { Detail } from './details.ts'
import type { RefuseArguments } from './entry-facts.ts'
import type { Action, ContractDeclaration, EntryDeclaration, RetryRule } from './declaration.ts'
import type { Reader } from '../read/reader.ts'
import type { XmlParser } from '../read/xml-tree.ts'
import type { Refusal } from './refusal.ts'
import type { Reason } from './reason.ts'
import type { AnswerContext, ShownLimit, LossMask, ReadError, ReceivedAnswer, ReceivedClose, TextAnswer, WebSocketEnd, WireError } from './wire.ts'

/** An entry with its id and its rules, as the compiled contract knows it. */
export interface Entry extends EntryDeclaration {
  readonly id: string
  /** Empty where it has none. */
  readonly code: string | number
  /** The status on the wire; `status` is the one that it means. */
  readonly sentAs: number
  readonly retry: RetryRule
  readonly action: Action
  /** The page of this entry in the reference of the contract (`$docsUrl`). Undefined where the contract says no `docs`. */
  readonly docsUrl?: string | undefined
}

/**
 * A compiled contract: everything that derives from one declaration. `Read` follows from `D`; it is a parameter so that any contract is a `Contract`.
 *
 * @example
 * const refusal = contract.refuse('rateLimited', { limit: 5, retryAfterMs: 1_500 })
 * const requestId = contract.mintRequestId(crypto.getRandomValues(new Uint8Array(16)))
 * const { status, headers, body } = contract.answer(refusal, { requestId, nowMs: Date.now() })
 */
export interface Contract<out D extends ContractDeclaration = ContractDeclaration, out Read = ReadError> {
  readonly declaration: D
  readonly name: string
  readonly entries: ReadonlyMap<string, Entry>
  /** In which it says its messages, its own first; none where it does not say. Only where there are several is an answer asked for another. */
  readonly languages: readonly string[]
  readonly loss: LossMask
  /** What its check told that is no problem: valid, and hardly meant. */
  readonly warnings: readonly ContractProblem[]
  /** What `defineContract` was given: a variant of the declaration (`alwaysStatus`) is compiled with it again. */
  readonly reader: Reader | undefined
  /** The same of its parser. Without one a contract of XML writes, and reads nothing. */
  readonly parseXml: XmlParser | undefined
  /** The entry that speaks for a refusal. Total: each server reason has one, checked at definition. */
  entryFor(reason: Reason, facts: Facts, named?: string): Entry
  /**
   * A refusal that this contract's own entry speaks for, by its id: the reason is the entry's. TypeScript holds the facts against the details that the
   * entry declares. Throws a `RefusalError` where there is no such entry, or where the facts are not its own.
   */
  // `Of` is D once more: with D itself, which facts are taken would decide which contract is a `Contract`.
  refuse<Of extends ContractDeclaration, Id extends keyof Of['entries'] & string>(this: { readonly declaration: Of }, entry: Id, ...told: RefuseArguments<Of['entries'][Id]>): Refusal
  /** Facts → wire values, message filled in. */
  render(refusal: Refusal, context: AnswerContext): WireError
  /** Wire values → bytes, with the HTTP duties (401 challenge, 405 Allow, 429/503 Retry-After, no-store). */
  write(error: WireError, context: AnswerContext): TextAnswer
  /** `write(render(refusal))`. */
  answer(refusal: Refusal, context: AnswerContext): TextAnswer
  /** An answer of ours that is no refusal, in the dialect's success form; bare where it declares none. Default status: 200. */
  success(data: JsonValue, context: AnswerContext, status?: number): TextAnswer
  /** The refusal as a mid-stream frame (SSE), or undefined where the dialect has none. */
  streamFrame(refusal: Refusal, context: AnswerContext): string | undefined
  /** How a WebSocket that is open ends with this refusal, or undefined where the dialect has no form for it. */
  webSocketEnd(refusal: Refusal, context: AnswerContext): WebSocketEnd | undefined
  /** Rate headers of this dialect for any answer, as a flat list; empty where it has none. */
  rateLimitHeaders(limits: readonly ShownLimit[], nowMs: number): readonly string[]
  /**
   * Any bytes in, an error of this dialect or undefined ("not mine", or a success) out. Never throws; bounded in size and depth. Its `entry` tells
   * TypeScript the code and the details.
   */
  read(answer: ReceivedAnswer): Read | undefined
  /** The same for the data of one SSE event. */
  readStreamEvent(event: { readonly event?: string; readonly data: string }): Read | undefined
  /** The same for a message of a WebSocket. */
  readFrame(data: string | Uint8Array): Read | undefined
  /** The same for its close. One that is orderly (1000, 1001 where no entry has it) or that says nothing is no error. */
  readClose(close: ReceivedClose): Read | undefined
  /** The paths of the request's JSON body that its answers say again (`$request.id`). */
  readonly echoes: readonly string[]
  /** What is known of refusals under a success status before their bodies are read to the end. */
  readonly hidden: HiddenRefusals
  /** The declared details of an entry, parsed; none for an entry that there is not. */
  detailsOf(entry: string): readonly Detail[]
  /** A fresh id in the contract's format from 16 random bytes. */
  mintRequestId(random: Uint8Array): string
  /** The header that carries it. */
  readonly requestIdHeader: string
}

/** Refusals under a success status (`hidden-refusals.ts`). */
export interface HiddenRefusals {
  /** Whether an answer of this status below 400 and this media type (lower case, no parameters) may be one at all. */
  mayBe(status: number, mediaType: string): boolean
  /** A body in the format of the contract; undefined where it is none. */
  parse(body: string | Uint8Array): unknown
  /** Of the first members of a body: it is a success, whatever comes after them. Never of a list, whose items may say otherwise. */
  saysSuccess(body: unknown): boolean
  /** Of a parsed body, or of its first members alone: it is no error of this dialect, whatever else it says. */
  excludes(body: unknown): boolean
  /** By its form (`success: false`, an `error` of its own and nothing else), though the contract has no entry for it. */
  isMarked(body: unknown): boolean
}
