/** Errors that stand in lines: items of lists (`400 - invalid_request_error: …`, `RATE_LIMITED (429) — …`) and headings that are codes. */
import { nothingFound, type FoundError } from './found-error.ts'

/** What can be nothing but a code: capitals with underscores, words joined by underscores, `SomethingError`. */
const CODE = String.raw`[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|[a-z]+(?:_[a-z0-9]+)+|(?!(?:HTTP|HTTPS|JSON|NOTE|TODO|WARNING|POST|DELETE|PATCH|HEAD|OPTIONS|HTML|YAML|TIPS?)\b)[A-Z]{4,}|[A-Z][a-z]+(?:[A-Z][a-z]+)+(?:Error|Exception|Exceeded|Fault)?`
const STATUS = String.raw`(?:HTTP )?([45]\d{2})`
const BETWEEN = String.raw`\s*[-–—:]+\s*`

const items: readonly (readonly [RegExp, readonly ('status' | 'code' | 'text')[]])[] = [
  [new RegExp(`^${STATUS}(?:${BETWEEN}|\\s+)\\(?(${CODE})\\)?${BETWEEN}([\\s\\S]+)$`), ['status', 'code', 'text']],
  [new RegExp(`^(${CODE})\\s*[([]?${STATUS}[)\\]]?${BETWEEN}([\\s\\S]+)$`), ['code', 'status', 'text']],
  [new RegExp(`^(${CODE})${BETWEEN}([\\s\\S]+)$`), ['code', 'text']],
]

/** `status`: of the heading above it. */
export function readItem(text: string, status: number | undefined): FoundError | undefined {
  for (const [pattern, names] of items) {
    const found = pattern.exec(text)
    if (found === null) continue
    const at = (name: 'status' | 'code' | 'text'): string | undefined => (names.includes(name) ? found[names.indexOf(name) + 1] : undefined)
    const said = at('status')
    return { ...nothingFound, code: at('code'), status: said === undefined ? status : Number(said), description: at('text')?.trim() }
  }
  return undefined
}

/** In a sentence: `can also return 404 CHARGE_NOT_FOUND, 409 CHARGE_NOT_REPORTABLE / CHARGE_PENDING`. */
export function readInline(text: string): readonly FoundError[] {
  return [...text.matchAll(/\b([45]\d{2}) ([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+(?:\s*\/\s*[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)*)/g)].flatMap(([, status, codes = '']) => codes.split('/').map((code) => ({ ...nothingFound, code: code.trim(), status: Number(status) })))
}

/** A heading that is a code, with its status or without. */
export function readHeading(text: string): FoundError | undefined {
  const [, numbered, name] = /^(\d{4,6})\s*[-–—:]\s*([^{]+?)(?:\s*\{#[\w-]+\})?$/.exec(text.trim()) ?? []
  if (numbered !== undefined) return { ...nothingFound, code: Number(numbered), message: name }
  const [, word, figure] = /^([a-z]{3,}) \(([45]\d{2})\)$/.exec(text.trim()) ?? []
  if (word !== undefined) return { ...nothingFound, code: word, status: Number(figure) }
  const [, before, code, after] = new RegExp(`^(?:${STATUS}(?:${BETWEEN}|\\s+))?(${CODE})(?:\\s*[-–—:([]*\\s*${STATUS}[)\\]]?)?$`).exec(text.trim().replace(/\s*\{#[\w-]+\}$/, '')) ?? []
  const status = before ?? after
  // One word in capitals may be any title: `API`, `HTTP`.
  return code === undefined || (!/_/.test(code) && status === undefined) ? undefined : { ...nothingFound, code, status: status === undefined ? undefined : Number(status) }
}

/** What stands below a heading that is a code: `HTTP 401 — The key is missing.` */
export function readBelow(text: string): Pick<FoundError, 'status' | 'description'> {
  const [, status, rest] = new RegExp(`^(?:Status:? ?)?${STATUS}[^.—–:-]{0,30}(?:${BETWEEN}|[.] )([\\s\\S]+)$`).exec(text) ?? []
  return status === undefined ? { status: undefined, description: text } : { status: Number(status), description: rest }
}
