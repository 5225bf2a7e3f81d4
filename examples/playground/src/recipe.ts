/**
 * A recipe: calls that get one certain answer, and the state that makes it so. Everything the playground shows derives from these: the curl
 * lines, the page's Run buttons, the end-to-end tests, the code table.
 *
 * Paths, headers, bodies and form fields may say `{{name}}` for what an earlier call captured; `{{fresh}}` is different each time that a recipe
 * is run, for idempotency keys.
 */
import type { Facts } from 'tollgate/contract'

export interface Recipe {
  /** Unique within its API, in kebab-case: the anchor on the page. */
  readonly id: string
  readonly title: string
  /** The real condition, in one sentence. */
  readonly cause: string
  /** The entry of the contract that answers; absent: the call succeeds. */
  readonly entry?: string
  /** Of a success. Default 200. */
  readonly status?: number
  /** The figures that the entry's message will carry. */
  readonly facts?: Facts
  /** What has to happen first, in this order. */
  readonly before?: readonly Step[]
  /** The call that is meant. */
  readonly request: RecipeRequest
  /** Send it so many times in a row; the last answer is the one meant. Default 1. */
  readonly repeat?: number
  /** Send it so many times at once; one of the answers is the one meant. Default 1. */
  readonly parallel?: number
  /** The refusal comes within a stream that began well: the status is 200. */
  readonly midStream?: boolean
}

/** A call that prepares another. It has to succeed. */
export interface Step {
  readonly request: RecipeRequest
  /** Name → the field of the answer whose last value it keeps, at any depth: `{ session: 'session_id' }`. */
  readonly capture?: { readonly [name: string]: string }
  readonly repeat?: number
  /** For work that the service does in its own time. */
  readonly thenWaitSeconds?: number
}

export interface RecipeRequest {
  readonly method: string
  readonly path: string
  readonly headers: { readonly [name: string]: string }
  readonly body?: string
  /** A shell word that expands to `body`, where the body itself is too long to read. */
  readonly bodyInShell?: string | undefined
  /** Sent as `multipart/form-data`, in place of a body. */
  readonly form?: readonly FormPart[]
  /** The answer is a stream: the shell is to show it as it comes. */
  readonly stream?: boolean
}

export type FormPart = { readonly kind: 'text'; readonly name: string; readonly value: string } | { readonly kind: 'file'; readonly name: string; readonly file: FormFile }

export interface FormFile {
  readonly filename: string
  readonly type: string
  /** How the file begins, one byte a character (Latin-1), so that binary formats can be written too. */
  readonly begins: string
  /** So many zero bytes follow, to make it large. */
  readonly zeros?: number
}
