/** Blocks of a page → what it says of refusals: of tables by what stands above their columns, of samples by what surrounds them, of sentences by the codes that they name. */
import type { JsonValue, RetryRule } from 'tollgate/contract'
import { nothingFound, type FoundError, type FoundPage } from './found-error.ts'
import { mergeErrors } from './merge-errors.ts'
import type { PageBlock } from './page-block.ts'
import { errorInSample, isErrorSample, parseSample } from './read-sample.ts'
import { readBelow, readHeading, readItem } from './read-line.ts'
import { readErrorTable } from './read-error-table.ts'

export function readPage(blocks: readonly PageBlock[]): FoundPage {
  const errors: FoundError[] = []
  const shown: FoundError[] = []
  const samples: JsonValue[] = []
  const successes: JsonValue[] = []
  const limitHeaders: string[] = []
  const texts: string[] = []
  const explained = new Set<unknown>()
  const above: { readonly depth: number; readonly text: string }[] = []
  for (const block of blocks) {
    if (block.kind === 'heading') {
      while ((above.at(-1)?.depth ?? 0) >= block.depth) above.pop()
      above.push(block)
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
      const named = above.at(-1) === undefined ? undefined : readHeading(above.at(-1)?.text ?? '')
      const item = readItem(block.text, statusesAbove(above)[0])
      // The first sentence below a heading that is a code describes it.
      if (named?.code !== undefined) errors.push({ ...nothingFound, code: named.code, ...readBelow(block.text) })
      else if (item !== undefined) errors.push(item)
      else if (statusesAbove(above.slice(-1)).length === 1 && !explained.has(above.at(-1))) {
        explained.add(above.at(-1))
        errors.push({ ...nothingFound, status: statusesAbove(above.slice(-1))[0], description: block.text })
      }
    }
  }
  // Tables first: their order is that of the contract.
  errors.push(...shown)
  const codes = [...new Set(errors.flatMap(({ code }) => (code === undefined ? [] : [code])))]
  return { title: undefined, errors: mergeErrors([...errors, ...texts.flatMap((text) => adviceIn(text, codes))]), samples: samples.toSorted((one, other) => membersOf(other) - membersOf(one)), success: successes.find((each) => typeof each === 'object' && each !== null), limitHeaders }
}

function membersOf(value: JsonValue): number {
  return typeof value === 'object' && value !== null ? Object.values(value).reduce((sum: number, each) => sum + 1 + membersOf(each), 0) : 0
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
function adviceIn(text: string, codes: readonly (string | number)[]): readonly FoundError[] {
  const named = codes.filter((code) => typeof code === 'string' && new RegExp(`(?<![\\w.])${escaped(code)}(?![\\w.])`).test(text))
  if (named.length === 0) return []
  const [, retry] = advice.find(([pattern]) => pattern.test(text)) ?? []
  return retry === undefined ? [] : named.map((code) => ({ ...nothingFound, code, retry, isRetrySaid: true }))
}

function escaped(code: string | number): string {
  return String(code).replaceAll(/[^\w]/g, String.raw`\$&`)
}
