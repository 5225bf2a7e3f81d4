/** A change of a contract: what it is, whom it hurts, and what to do about it. */

/** From the worst on. `breaking`: callers that did right do wrong now · `risky`: some may · `safe`: none does. */
export const changeClasses = ['breaking', 'risky', 'safe'] as const
/** How bad a change is for who calls. */
export type ChangeClass = (typeof changeClasses)[number]

/** By what callers know what happened; a change hurts those that go by what it changes. */
export const dependences = ['code', 'status', 'details', 'envelope', 'headers', 'waits', 'message', 'reason', 'streams', 'sockets', 'requests', 'docs'] as const
/** What a caller goes by. */
export type Dependence = (typeof dependences)[number]

/** One change, from an old contract to a new one. */
export interface Change {
  /** Its kind: `code-removed`. */
  readonly rule: string
  readonly class: ChangeClass
  /** In the new contract; of what is gone, in the old one: `entries.slow.details.limit`. */
  readonly path: string
  readonly before: unknown
  readonly after: unknown
  /** Callers that go by these. */
  readonly hurts: readonly Dependence[]
  /** What has changed, as a sentence. */
  readonly says: string
  readonly advice: string
}

/** What is found; class, whom it hurts and advice follow from its rule. */
export type FoundChange = Pick<Change, 'rule' | 'path' | 'says'> & { readonly before?: unknown; readonly after?: unknown }
