/** YAML or JSON text as plain data, with the line and column of every path for error messages. */
import { Composer, isAlias, isMap, isPair, isScalar, isSeq, LineCounter, Parser, visit, YAMLParseError, type Alias, type CST, type Document } from 'yaml'
import { isTooDeep } from 'tollgate/contract'
import { hasTwins } from 'tollgate/contract'
import type { ConfigProblem, Outcome, Path } from './config-problem.ts'
import { yamlFault } from './yaml-fault.ts'

export interface Position {
  readonly line: number
  readonly column: number
}

export interface YamlSource {
  readonly data: unknown
  /** Where the path stands, or its nearest parent that does. */
  locate(path: Path): Position | undefined
}

/** No configuration, contract or schema of people is nested so deep. What reads YAML after its syntax recurses, and so would end the process. */
const DEPTH_MAX = 200
/** Of values that aliases add: a few lines of aliases to aliases are billions of them to whoever walks through. */
const ALIASED_VALUES_MAX = 250_000

export function parseYamlSource(text: string): Outcome<YamlSource> {
  const json = parseJson(text)
  // Read as YAML only when somebody asks where something stands.
  let located: Outcome<YamlSource> | undefined
  if (json !== undefined) return { ok: true, value: { data: json.data, locate: (path) => ((located ??= parseYaml(text)).ok ? located.value.locate(path) : undefined) } }
  return parseYaml(text)
}

/** JSON is YAML, and a hundred times as fast to read. Undefined: it is none, or something in it must be said by place. */
function parseJson(text: string): { readonly data: unknown } | undefined {
  if (!/^\s*[{[]/.test(text) || isTooDeep(text, DEPTH_MAX) || text.includes('"<<"')) return undefined
  try {
    const data: unknown = JSON.parse(text)
    return hasTwins(text, data) ? undefined : { data }
  } catch {
    return undefined
  }
}

function parseYaml(text: string): Outcome<YamlSource> {
  const lineCounter = new LineCounter()
  if (text.includes('\0')) return { ok: false, problems: [{ path: [], line: 1, column: 1, message: 'not valid YAML: the file is no text' }] }
  const tokens = [...new Parser(lineCounter.addNewLine).parse(text)]
  const tooDeep = tokenBelow(tokens, DEPTH_MAX)
  if (tooDeep !== undefined) {
    return { ok: false, problems: [syntaxProblem({ message: `it is nested deeper than ${DEPTH_MAX} levels`, pos: [tooDeep.offset, tooDeep.offset] }, lineCounter, text)] }
  }
  // Merge keys (`<<: *defaults`) let several meters share their settings.
  // The parser's own search for double keys compares each with each: a table of 50,000 rows would take it a quarter of a minute.
  const document = compose(tokens, text.length)
  // One slip in the syntax makes nonsense of all that follows: only the first is worth saying.
  const fault = openQuote(document.errors[0], tokens) ?? document.errors[0] ?? doubleKey(document) ?? aliasFault(document)
  if (fault !== undefined) return { ok: false, problems: [syntaxProblem(fault, lineCounter, text)] }
  if (document.contents === null) return { ok: false, problems: [{ path: [], line: 1, column: 1, message: 'the file is empty' }] }
  try {
    // What aliases stand for is counted; the library would refuse the 101st use of a harmless one.
    return { ok: true, value: { data: document.toJS({ maxAliasCount: -1 }), locate: (path) => locate(document, lineCounter, path) } }
  } catch (error) {
    // An alias that refers to nothing.
    return { ok: false, problems: [{ path: [], message: `not valid YAML: ${withoutQuote(error instanceof Error ? error.message : String(error))}` }] }
  }
}

function compose(tokens: readonly CST.Token[], length: number): Document.Parsed {
  const [document, another] = new Composer({ merge: true, uniqueKeys: false, resolveKnownTags: false, logLevel: 'error' }).compose(tokens, true, length)
  if (document === undefined) throw new Error('a composer that is forced gives a document')
  if (another !== undefined) document.errors.push(new YAMLParseError([another.range[0], another.range[0]], 'MULTIPLE_DOCS', 'the file holds several documents; keep one'))
  return document
}

/** The first token that stands too deep. A list instead of a recursion: the depth is what is being tested. */
function tokenBelow(tokens: readonly CST.Token[], depthMax: number): CST.Token | undefined {
  let level: readonly CST.Token[] = tokens
  for (let depth = 0; level.length > 0; depth++) {
    // The document is a token itself.
    if (depth > depthMax + 1) return level[0]
    level = level.flatMap(innerTokens)
  }
  return undefined
}

function innerTokens(token: CST.Token): readonly CST.Token[] {
  switch (token.type) {
    case 'document':
      return token.value === undefined ? [] : [token.value]
    case 'block-map':
    case 'block-seq':
    case 'flow-collection':
      return token.items.flatMap(({ key, value }) => [key ?? [], value ?? []].flat())
    default:
      return []
  }
}

/** The parser misses a quote at the end of the file; where it was opened is what helps. It is the last one, since all that follows is within it. */
function openQuote(fault: SyntaxFault | undefined, tokens: readonly CST.Token[]): SyntaxFault | undefined {
  if (fault === undefined || !/^Missing closing ["']quote/.test(fault.message)) return undefined
  let last = 0
  for (let level = tokens; level.length > 0; level = level.flatMap(innerTokens)) {
    for (const { type, offset } of level) if (type.endsWith('-quoted-scalar')) last = Math.max(last, offset)
  }
  return { message: fault.message, pos: [last, last] }
}

interface SyntaxFault {
  readonly message: string
  readonly pos: readonly [start: number, end: number]
}

/** An alias within what it stands for, which has no end, or aliases that stand for far more than was written. */
function aliasFault(document: Document): SyntaxFault | undefined {
  /** How many values stand under an anchor, by its name; undefined as long as it is not closed. An alias means the last one before it. */
  const sizes = new Map<string, number | undefined>()
  let fault: SyntaxFault | undefined
  let written = 0

  function sizeOf(node: unknown): number {
    written += 1
    if (isAlias(node)) {
      const size = sizes.get(node.source)
      if (size === undefined && sizes.has(node.source)) fault ??= { message: `*${node.source} stands within what it refers to, which has no end`, pos: startOf(node) }
      if (size !== undefined && size > ALIASED_VALUES_MAX) fault ??= { message: `*${node.source} stands for more than ${ALIASED_VALUES_MAX} values`, pos: startOf(node) }
      return size ?? 1
    }
    const anchor = isMap(node) || isSeq(node) || isScalar(node) ? node.anchor : undefined
    if (anchor !== undefined) sizes.set(anchor, undefined)
    let size = 1
    if (isMap(node)) for (const { key, value } of node.items) size += sizeOf(key) + sizeOf(value)
    else if (isSeq(node)) for (const item of node.items) size += sizeOf(isPair(item) ? item.value : item)
    if (anchor !== undefined) sizes.set(anchor, size)
    return size
  }

  const size = sizeOf(document.contents)
  if (size - written > ALIASED_VALUES_MAX) fault ??= { message: `its aliases stand for more than ${ALIASED_VALUES_MAX} values`, pos: [0, 0] }
  return fault
}

function startOf({ range }: Alias): readonly [start: number, end: number] {
  const [start] = range ?? [0]
  return [start, start]
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
  return { path: [], line, column: col, message: `not valid YAML: ${yamlFault(message, text, line) ?? withoutQuote(message)}${hint}` }
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
