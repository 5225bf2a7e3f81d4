/** Blocks of a page → what it says of refusals: of tables by what stands above their columns, of samples by what surrounds them, of sentences by the codes that they name. */
import type { JsonValue, RetryRule } from 'tollgate/contract'
import { nothingFound, type FoundError, type FoundPage } from './found-error.ts'
import { mergeErrors } from './merge-errors.ts'
import type { PageBlock } from './page-block.ts'
import { errorInSample, isErrorSample, parseSample } from './read-sample.ts'
import { readLabels } from './read-labels.ts'
import { readBelow, readHeading, readInline, readItem } from './read-line.ts'
import { readErrorTable } from './read-error-table.ts'

export function readPage(blocks: readonly PageBlock[]): FoundPage {
  const errors: FoundError[] = []
  const shown: FoundError[] = []
  const samples: JsonValue[] = []
  const successes: JsonValue[] = []
  const limitHeaders: string[] = []
  const texts: string[] = []
  let section: Section = { codes: [], description: undefined }
  const above: Heading[] = []
  for (const block of blocks) {
    if (block.kind === 'heading') {
      while ((above.at(-1)?.depth ?? 0) >= block.depth) above.pop()
      above.push(block)
      section = { codes: [], description: undefined }
      const named = readHeading(block.text)
      if (named !== undefined) errors.push(named)
    } else if (block.kind === 'table') {
      const table = readErrorTable(block, statusesAbove(above))
      errors.push(...table.errors)
      limitHeaders.push(...table.limitHeaders)
    } else if (block.kind === 'code') {
      const { head, body } = parseSample(block.text)
      if (body === undefined) continue
      if (!isErrorSample(body)) successes.push(body)
      else {
        samples.push(body)
        shown.push(errorInSample(body, head ?? statusesAbove(above)[0]))
      }
    } else {
      texts.push(block.text)
      errors.push(...readText(block.text, above, section))
    }
  }
  // Tables first: their order is that of the contract.
  errors.push(...shown)
  const codes = new Set(errors.flatMap(({ code }) => (code === undefined ? [] : [code])))
  return { title: undefined, errors: mergeErrors([...errors, ...texts.flatMap((text) => adviceIn(text, codes))]), samples: samples.toSorted((one, other) => membersOf(other) - membersOf(one)), success: successes.find((each) => typeof each === 'object' && each !== null), limitHeaders }
}

function membersOf(value: JsonValue): number {
  return typeof value === 'object' && value !== null ? Object.values(value).reduce((sum: number, each) => sum + 1 + membersOf(each), 0) : 0
}

interface Heading {
  readonly depth: number
  readonly text: string
}

/** What stands below one heading. */
interface Section {
  /** Which codes it lists: what comes later is about each of them. */
  codes: readonly string[]
  /** Its first sentence. */
  description: string | undefined
}

function readText(text: string, above: readonly Heading[], section: Section): readonly FoundError[] {
  const heading = above.at(-1)
  const named = heading === undefined ? undefined : readHeading(heading.text)
  const own = statusesAbove(above.slice(-1))
  const labels = readLabels(text)
  if (labels !== undefined) {
    const { error, codes } = labels
    const [only] = codes
    if (codes.length > 1 || (codes.length === 1 && named?.code === undefined)) section.codes = codes
    const [status, ...otherStatuses] = error.status === undefined ? statusesAbove(above) : [error.status, ...error.otherStatuses]
    if (section.codes.length > 0) return section.codes.map((code) => ({ ...error, code, status, otherStatuses, description: error.description ?? section.description }))
    if (named !== undefined) return [{ ...error, code: only ?? named.code }]
    if (own.length > 0) return own.map((each) => ({ ...error, status: each, otherStatuses: [] }))
  }
  const item = readItem(text, statusesAbove(above)[0])
  const inline = readInline(text)
  const isFirst = section.description === undefined
  section.description ??= text
  // The first sentence below a heading that is a code describes it.
  if (named?.code !== undefined) return [{ ...nothingFound, code: named.code, ...readBelow(text) }, ...inline]
  if (item !== undefined) return [item]
  // One that is statuses is explained once.
  return [...(isFirst ? own.map((status) => ({ ...nothingFound, status, description: text })) : []), ...inline]
}

/** Of the nearest heading that says one: `502/503 - Service Unavailable`. */
function statusesAbove(above: readonly { readonly text: string }[]): readonly number[] {
  for (const { text } of above.toReversed()) {
    const found = [...text.matchAll(/\b([45]\d{2})\b/g)].map(([status]) => Number(status))
    if (found.length > 0) return found
  }
  return []
}

const advice: readonly (readonly [RegExp, RetryRule])[] = [
  [/\b(?:do not|don['’]t|never|not) (?:be )?retr|\bnon-?retryable\b|\bnot retryable\b/i, 'never'],
  [/\brefresh\b/i, 'refresh'],
  [/\bwait\b|\bretry-after\b/i, 'wait'],
  [/\bback ?-?off\b|\bretry\b/i, 'backoff'],
]

/** `Do not retry: A, B — fix the input.` A sentence that names codes and says what to do about them. */
function adviceIn(text: string, codes: ReadonlySet<string | number>): readonly FoundError[] {
  const named = [...new Set(text.match(/[\w.:-]+/g)?.map((word) => word.replace(/[.:-]+$/, '')))].filter((word) => codes.has(word))
  if (named.length === 0) return []
  const [, retry] = advice.find(([pattern]) => pattern.test(text)) ?? []
  return retry === undefined ? [] : named.map((code) => ({ ...nothingFound, code, retry, isRetrySaid: true }))
}
