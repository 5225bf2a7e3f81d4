/** What a source says of one kind of refusal: as much as it says. */
import type { JsonValue, RetryRule } from 'tollgate/contract'

export interface FoundError {
  readonly code: string | number | undefined
  readonly status: number | undefined
  /** Other statuses that were said beside it. */
  readonly otherStatuses: readonly number[]
  /** What is sent, word by word. */
  readonly message: string | undefined
  readonly description: string | undefined
  /** What somebody should do. */
  readonly remedy: string | undefined
  readonly retry: RetryRule | undefined
  /** Whether the source says so of the code itself; otherwise its remedy sounds like it. */
  readonly isRetrySaid: boolean
  /** The field that it is about, where it is about one. */
  readonly field: string | undefined
  /** Of a sample: names and values. */
  readonly details: { readonly [name: string]: JsonValue }
  /** Constants beside the code: `type`. */
  readonly attributes: { readonly [name: string]: string }
}

export const nothingFound: FoundError = { code: undefined, status: undefined, otherStatuses: [], message: undefined, description: undefined, remedy: undefined, retry: undefined, isRetrySaid: false, field: undefined, details: {}, attributes: {} }

/** What a whole source says. */
export interface FoundPage {
  readonly title: string | undefined
  readonly errors: readonly FoundError[]
  /** Answers as they are shown, parsed; the most complete first. */
  readonly samples: readonly JsonValue[]
  /** A success, where one is shown. */
  readonly success: JsonValue | undefined
  /** Names of the headers that tell limits. */
  readonly limitHeaders: readonly string[]
}
