/** YAML or JSON text as plain data, with the line and column of every path for error messages. */
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, visit, type Document } from 'yaml'
import type { ConfigProblem, Outcome, Path } from './problem.ts'

export interface Position {
  readonly line: number
  readonly column: number
}

export interface YamlSource {
  readonly data: unknown
  /** Where the path stands, or its nearest parent that does. */
  locate(path: Path): Position | undefined
}

export function parseYamlSource(text: string): Outcome<YamlSource> {
  const lineCounter = new LineCounter()
  // Merge keys (`<<: *defaults`) let several meters share their settings.
  // The parser's own search for double keys compares each with each: a table of 50,000 rows would take it a quarter of a minute.
  const document = parseDocument(text, { lineCounter, prettyErrors: false, merge: true, uniqueKeys: false })
  // One slip in the syntax makes nonsense of all that follows: only the first is worth saying.
  const fault = document.errors[0] ?? doubleKey(document)
  if (fault !== undefined) return { ok: false, problems: [syntaxProblem(fault, lineCounter, text)] }
  try {
    return { ok: true, value: { data: document.toJS(), locate: (path) => locate(document, lineCounter, path) } }
  } catch (error) {
    // An alias that refers to nothing, or a bomb of nested aliases.
    return { ok: false, problems: [{ path: [], message: `not valid YAML: ${withoutQuote(error instanceof Error ? error.message : String(error))}` }] }
  }
}

interface SyntaxFault {
  readonly message: string
  readonly pos: readonly [start: number, end: number]
}

/** As text: `1` and `"1"` would be one name. */
function doubleKey(document: Document): SyntaxFault | undefined {
  let fault: SyntaxFault | undefined
  visit(document, {
    Map(_, { items }) {
      const seen = new Set<string>()
      for (const { key } of items) {
        if (!isScalar(key)) continue
        const name = String(key.value)
        if (seen.has(name)) {
          const [start = 0, end = start] = key.range ?? []
          fault = { message: `Map keys must be unique; "${name.slice(0, 60)}" stands there twice`, pos: [start, end] }
          return visit.BREAK
        }
        seen.add(name)
      }
      return undefined
    },
  })
  return fault
}

/** The parser ends some of its messages with the text at fault, which may be a secret that nobody quoted: `token: *hush`. */
function withoutQuote(message: string): string {
  return message.replace(/: .*/s, '')
}

function syntaxProblem({ message, pos: [offset] }: SyntaxFault, lineCounter: LineCounter, text: string): ConfigProblem {
  const { line, col } = lineCounter.linePos(offset)
  const hint = text.split('\n')[line - 1]?.includes('${') === true ? '; within braces a placeholder must be quoted: "${NAME}"' : ''
  return { path: [], line, column: col, message: `not valid YAML: ${withoutQuote(message)}${hint}` }
}

function locate(document: Document, lineCounter: LineCounter, path: Path): Position | undefined {
  let node: unknown = document.contents
  let offset: number | undefined
  for (const step of path) {
    if (isAlias(node)) node = node.resolve(document)
    let mark: unknown
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step))
      mark = pair?.key
      node = pair?.value
    } else if (isSeq(node)) {
      mark = node = node.items[Number(step)]
    }
    const start = rangeStart(mark)
    if (start === undefined) break
    offset = start
  }
  if (offset === undefined) return undefined
  const { line, col } = lineCounter.linePos(offset)
  return { line, column: col }
}

function rangeStart(node: unknown): number | undefined {
  if (!isScalar(node) && !isMap(node) && !isSeq(node) && !isAlias(node)) return undefined
  return node.range?.[0]
}
