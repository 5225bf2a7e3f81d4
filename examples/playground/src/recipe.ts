/** A recipe: one call that gets one certain answer, and the state that makes it so. Everything the playground shows derives from these. */
import type { Contract, Facts } from 'tollgate/contract'

export interface Recipe {
  /** Unique, in kebab-case: the anchor on the page. */
  readonly id: string
  readonly title: string
  /** The real condition, in one sentence. */
  readonly cause: string
  /** The entry of the contract that answers; absent: the call succeeds. */
  readonly entry?: string
  /** The figures that the entry's message will carry. */
  readonly facts?: Facts
  readonly request: RecipeRequest
  /** Send it so many times in a row; the last answer is the one meant. Default 1. */
  readonly repeat?: number
}

export interface RecipeRequest {
  readonly method: string
  readonly path: string
  readonly headers: { readonly [name: string]: string }
  readonly body?: string
  /** A shell word that expands to `body`, where the body itself is too long to read. */
  readonly bodyInShell?: string
}

/** One API of the playground with all its recipes. */
export interface RecipeBook {
  readonly contract: Contract
  /** What the API does, in one sentence. */
  readonly about: string
  readonly recipes: readonly Recipe[]
}
