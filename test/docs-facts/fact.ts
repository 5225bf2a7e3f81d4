/** What one of the five original pages (`test/reference-pages`) says, as data: each fact with its line there, and where the generated reference must say it. */

export interface PageFacts {
  readonly facts: readonly Fact[]
  /** Lines that say nothing about the API, or nothing that another line does not say; and why. */
  readonly silent: readonly (readonly [line: number | readonly [first: number, last: number], why: string])[]
}

/** `page`: its address; `errors/` are those of entries. `says`: each of these, in this page's HTML and in its Markdown twin. Space, case and marks of Markdown do not count. */
export type Fact = readonly [line: number, page: string, ...says: readonly string[]]
