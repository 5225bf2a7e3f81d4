/**
 * Text as it is copied from a browser: samples stand without fences, and the cells of a table have run together (`INVALID_INPUT400Request body is missing`). It becomes
 * Markdown again; what is Markdown stays as it is.
 */

const columnWords = ['Error Code', 'HTTP Status Code', 'HTTP Status', 'HTTP Code', 'Status Code', 'Code', 'Status', 'HTTP', 'Error', 'Name', 'Type', 'Error Message', 'Message', 'Description', 'Meaning', 'Cause', 'Reason', 'Action', 'Solution', 'Resolution', 'How to Fix', 'How to Handle', 'Fix', 'Retryable?', 'Retryable', 'Retry', 'Notes', 'Header', 'Field', 'Parameter', 'Details', 'Example']

export function plainToMarkdown(text: string): string {
  const lines = withoutComponents(text.replaceAll('\r\n', '\n').replaceAll('\u00A0', ' ').replace(/^---\n[\s\S]*?\n---\n/, ''))
  const out: string[] = []
  let isFenced = false
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? ''
    if (/^\s*(?:```|~~~)/.test(line)) isFenced = !isFenced
    if (isFenced || /^\s*(?:```|~~~)/.test(line)) {
      out.push(line)
      continue
    }
    // Rows of a table and the sentence after them are not one block.
    const before = out.at(-1) ?? ''
    if (before.trim() !== '' && isRow(before) !== isRow(line) && (isRow(before) || isRow(lines[at + 1] ?? ''))) out.push('')
    const sample = sampleAt(lines, at)
    if (sample !== undefined) {
      out.push('', '```json', ...sample.lines, '```', '', ...sample.rest)
      at += sample.lines.length - 1
      continue
    }
    const table = tableAt(lines, at)
    if (table !== undefined) {
      out.push('', ...table.rows.map((row) => `| ${row.map(escapedCell).join(' | ')} |`).toSpliced(1, 0, `|${table.rows[0]?.map(() => '---|').join('') ?? ''}`), '')
      at += table.length - 1
      continue
    }
    // What begins like a list in a browser; and a short line that is the whole of its paragraph is a heading.
    if (/^\s*[•·‣▪]\s+/.test(line)) out.push(line.replace(/^\s*[•·‣▪]\s+/, '- '))
    else if (isHeading(lines, at)) out.push('', `## ${line.trim()}`, '')
    else out.push(line)
  }
  return out.join('\n')
}

/** Pages of today's documentation sites have components between their Markdown (`<Accordion title="Invalid key">`): a title is a heading, and what they hold loses its indentation. */
function withoutComponents(text: string): string[] {
  const out: string[] = []
  let depth = 0
  let fence: string | undefined
  for (const line of text.split('\n')) {
    const [, indent = ''] = /^(\s*)(?:```|~~~)/.exec(line) ?? []
    if (/^\s*(?:```|~~~)/.test(line)) {
      fence = fence === undefined ? indent : undefined
      out.push(depth > 0 ? line.trimStart() : line)
    } else if (fence !== undefined) out.push(depth > 0 && line.startsWith(fence) ? line.slice(fence.length) : line)
    else if (/^\s*<\/[A-Z]\w*>\s*$/.test(line)) depth = Math.max(0, depth - 1)
    else if (/^\s*<[A-Z]\w*(?:\s[^>]*)?\/?>\s*$/.test(line)) {
      const [, title] = /\b(?:title|name|code)=(?:\{\s*)?["'`]([^"'`]+)["'`]/.exec(line) ?? []
      if (title !== undefined) out.push('', `###### ${title}`, '')
      if (!/\/>\s*$/.test(line)) depth += 1
    } else out.push(depth > 0 ? line.trimStart() : line)
  }
  return out
}

/** From a line that opens an object to the one that closes it. What stands behind it on that line goes on. */
function sampleAt(lines: readonly string[], at: number): { readonly lines: readonly string[]; readonly rest: readonly string[] } | undefined {
  if (!/^\s*\{\s*(?:"|$)/.test(lines[at] ?? '') || !/^\s*["}]|^\s*\{\s*"/.test(lines[at + 1] ?? lines[at] ?? '')) return undefined
  let depth = 0
  let isText = false
  for (let end = at; end < Math.min(lines.length, at + 400); end++) {
    const line = lines[end] ?? ''
    for (let index = 0; index < line.length; index++) {
      const character = line[index]
      if (character === '\\') index += 1
      else if (character === '"') isText = !isText
      else if (!isText && (character === '{' || character === '[')) depth += 1
      else if (!isText && (character === '}' || character === ']') && --depth === 0) {
        const rest = line.slice(index + 1).trim()
        return { lines: [...lines.slice(at, end), line.slice(0, index + 1)], rest: rest === '' ? [] : [rest] }
      }
    }
  }
  return undefined
}

interface FoundTable {
  readonly rows: readonly (readonly string[])[]
  /** Of lines. */
  readonly length: number
}

function tableAt(lines: readonly string[], at: number): FoundTable | undefined {
  const head = lines[at] ?? ''
  if (head.includes('\t')) return rowsFrom(lines, at, head.split('\t').map((cell) => cell.trim()), (line, width) => (line.includes('\t') ? line.split('\t').map((cell) => cell.trim()).slice(0, width) : undefined))
  const columns = wordsRunTogether(head)
  return columns === undefined ? undefined : rowsFrom(lines, at, columns, runTogether)
}

function rowsFrom(lines: readonly string[], at: number, head: readonly string[], split: (line: string, width: number) => readonly string[] | undefined): FoundTable | undefined {
  const rows: (readonly string[])[] = [head]
  let next = at + 1
  for (; next < lines.length; next++) {
    const row = split(lines[next] ?? '', head.length)
    if (row === undefined) break
    rows.push(row)
  }
  return rows.length < 2 || head.length < 2 ? undefined : { rows, length: next - at }
}

/** The words above a table take no more. */
const HEAD_CHARS_MAX = 400

/** `CodeHTTP StatusDescription` */
function wordsRunTogether(line: string): readonly string[] | undefined {
  const found: string[] = []
  let rest = line.trim()
  if (rest.length > HEAD_CHARS_MAX) return undefined
  while (rest !== '') {
    const word = columnWords.filter((each) => rest.toLowerCase().startsWith(each.toLowerCase())).toSorted((one, other) => other.length - one.length)[0]
    if (word === undefined) return undefined
    found.push(rest.slice(0, word.length))
    rest = rest.slice(word.length).trimStart()
  }
  return found.length >= 2 ? found : undefined
}

/** A code and three figures; a code in capitals; the name of a header: before sentences that begin with a capital. */
const firstCells: readonly RegExp[] = [
  /^([A-Za-z][\w.-]*?|\d{4,6})([1-5]\d{2})(?=\D|$)(.*)$/,
  /^([A-Z][A-Z0-9_]+|[a-z]+(?:_[a-z]+)+)()(?=[A-Z][a-z])(.*)$/,
  /^([A-Z][A-Za-z]*(?:-[A-Z][A-Za-z]*?)+)()(?=[A-Z][a-z]+ )(.*)$/,
]

function runTogether(line: string, width: number): readonly string[] | undefined {
  const [, code, status = '', rest = ''] = firstCells.map((pattern) => pattern.exec(line.trim())).find((found) => found !== null) ?? []
  if (code === undefined || rest === '') return undefined
  const cells = [code, ...(status === '' ? [] : [status])]
  const left = width - cells.length
  if (left < 1) return undefined
  const sentences = rest.trim().split(/(?<=[a-z0-9).;])(?=[A-Z][a-z])/)
  return [...cells, ...sentences.slice(0, left - 1), sentences.slice(left - 1).join(' ')]
}

function isRow(line: string): boolean {
  return /^\s*\|.*\|\s*$/.test(line)
}

function isHeading(lines: readonly string[], at: number): boolean {
  const line = (lines[at] ?? '').trim()
  const isAlone = (lines[at - 1] ?? '').trim() === '' && (lines[at + 1] ?? '').trim() === ''
  return isAlone && /^[A-Z0-9]/.test(line) && line.length < 60 && !/[.:;,|{}]$/.test(line) && !/^[#>*\-|`]/.test(line)
}

function escapedCell(text: string): string {
  return text.replaceAll('|', String.raw`\|`)
}
