/** The documentation pages of the reference APIs, verbatim, and what their tests need from them. */
import { readFileSync } from 'node:fs'
import { refuse, type Contract, type Entry, type Facts, type Reason } from 'tollgate/contract'

export type PageName = 'ai-api' | 'chatads' | 'jogg' | 'leaperone' | 'nexalayer'

export function readPage(name: PageName): string {
  return readFileSync(new URL(`${name}.md`, import.meta.url), 'utf8')
}

/** The part of the page from one text to another, neither of them included. */
export function between(page: string, start: string, end: string): string {
  const from = page.indexOf(start)
  const to = page.indexOf(end, from + start.length)
  if (from === -1 || to === -1) throw new Error(`the page has no part from "${start}" to "${end}"`)
  return page.slice(from + start.length, to)
}

/** `| --- | --- |`, under the head of a table. */
const TABLE_RULE = /^[|\s-]+$/

/** Rows of Markdown tables as cells, without emphasis; heads and rules left out. */
export function tableRows(text: string): readonly (readonly string[])[] {
  const lines = text.split('\n').filter((line) => line.startsWith('|'))
  return lines
    .filter((line, index) => !TABLE_RULE.test(line) && !TABLE_RULE.test(lines[index + 1] ?? ''))
    .map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim().replaceAll('**', '').replace(/^`(.*)`$/, '$1')))
}

export interface Json {
  readonly [key: string]: unknown
}

/** JSON objects of the page, each beginning on a line of its own; the code samples among them are no JSON and left out. */
export function jsonExamples(page: string): readonly Json[] {
  const lines = page.split('\n')
  return lines.flatMap((line, start) => {
    for (let end = start + 1; line.trim() === '{' && end < lines.length; end++) {
      if (!lines[end]?.startsWith('}')) continue
      try {
        return [JSON.parse([...lines.slice(start, end), '}'].join('\n')) as Json]
      } catch {
        // This brace closed an inner object: the next one may close the example.
      }
    }
    return []
  })
}

/** The entries that speak under a code, in their order. */
export function entriesOf(contract: Contract, code: string | number): readonly Entry[] {
  return [...contract.entries.values()].filter((entry) => entry.code === code)
}

/** Codes in the order in which the contract first names them. */
export function codesOf(contract: Contract): readonly (string | number)[] {
  return [...new Set([...contract.entries.values()].map((entry) => entry.code))]
}

export const NOW_MS = Date.UTC(2024, 0, 1)

export function answerTo(contract: Contract, reason: Reason, facts: Facts = {}, requestId = 'req_1') {
  const answer = contract.answer(refuse(reason, facts), { requestId, nowMs: NOW_MS })
  return { ...answer, json: JSON.parse(answer.body) as unknown, header: (name: string) => headerOf(answer.headers, name) }
}

function headerOf(headers: readonly string[], name: string): string | undefined {
  const index = headers.findIndex((header, at) => at % 2 === 0 && header.toLowerCase() === name)
  return index === -1 ? undefined : headers[index + 1]
}

/** A body read as if it had come with this status and nothing else. */
export function readBody(contract: Contract, status: number, body: unknown) {
  return contract.read({ status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
}
