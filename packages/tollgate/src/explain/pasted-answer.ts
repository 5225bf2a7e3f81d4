/** What a pasted text tells of an answer: as much of it as there was. */
import type { ReceivedAnswer } from '../contract/declare/wire.ts'

/** What somebody has pasted: an answer as curl prints it · an entry of an HTTP archive · a body alone · a stream of events · a line of a log · what an SDK has thrown · a sentence. */
export type PastedForm = 'http' | 'har' | 'body' | 'events' | 'log' | 'exception' | 'text'

/** What was asked, as far as the text says it. */
export interface PastedRequest {
  readonly method: string | undefined
  readonly url: string | undefined
  /** Whether it carried an idempotency key. Undefined: its headers were not pasted. */
  readonly hasKey: boolean | undefined
}

export interface PastedAnswer {
  readonly form: PastedForm
  /** Undefined: nobody said it. */
  readonly status: number | undefined
  readonly headers: ReceivedAnswer['headers']
  /** Whether these are all: an exception says a few, or none. */
  readonly hasHeaders: boolean
  readonly body: string
  /** An event of a stream: its name. */
  readonly event?: string | undefined
  readonly request?: PastedRequest | undefined
  /** When it was answered: epoch milliseconds. */
  readonly atMs?: number | undefined
}

/** No answer came at all. */
export interface PastedFailure {
  readonly form: PastedForm
  /** The code of the system or the client: `ECONNREFUSED`. */
  readonly networkCode: string
  readonly isTimeout: boolean
  /** It is sure that nothing was sent. */
  readonly isUnsent: boolean
  /** A repeat says the same: a certificate, a name that is wrong. */
  readonly isLasting: boolean
}

export type Pasted = { readonly kind: 'answer'; readonly answer: PastedAnswer } | { readonly kind: 'failure'; readonly failure: PastedFailure }
