/**
 * Programs, JSON and heads of HTTP as HTML with classes and no style: one stylesheet serves light and dark. JSON and HTTP are coloured as they are written, in the same
 * classes as the library has; what is written never changes by it.
 */
import { escapeHtml } from './escape-html.ts'
import { highlighter } from './highlighter.ts'

const languages: { readonly [name: string]: string } = { typescript: 'typescript', ts: 'typescript', javascript: 'typescript', js: 'typescript', python: 'python', py: 'python', bash: 'bash', sh: 'bash', shell: 'bash', curl: 'bash' }

/** Of a language that nobody knows: as plain text. */
export function colourCode(text: string, name: string): string {
  if (name === 'json') return colourJson(text)
  const language = Object.hasOwn(languages, name) ? languages[name] : undefined
  return language === undefined ? escapeHtml(text) : highlighter.highlight(text, { language, ignoreIllegals: true }).value
}

const span = (name: string, text: string): string => `<span class="hljs-${name}">${escapeHtml(text)}</span>`

/** Status line and header lines. */
export function colourHead(head: string): string {
  const [status = '', ...lines] = head.split('\n')
  return [span('meta', status), ...lines.map(colourHeader)].join('\n')
}

function colourHeader(line: string): string {
  const at = line.indexOf(':')
  return at === -1 ? escapeHtml(line) : `${span('attribute', line.slice(0, at))}${escapeHtml(line.slice(at))}`
}

const JSON_TOKEN = /"(?:[^"\\]|\\.)*"(\s*:)?|-?\d[\d.eE+-]*|\b(?:true|false|null)\b|[{}[\],]|\s+|[^\s{}[\],"]+/gs

/** Text that is no JSON is shown as well as can be. */
export function colourJson(text: string): string {
  return [...text.matchAll(JSON_TOKEN)].map(([token, colon]) => colourToken(token, colon)).join('')
}

function colourToken(token: string, colon: string | undefined): string {
  if (colon !== undefined) return `${span('attr', token.slice(0, -colon.length))}${colon}`
  if (token.startsWith('"')) return span('string', token)
  if (/^-?\d/.test(token)) return span('number', token)
  if (token === 'true' || token === 'false' || token === 'null') return span('literal', token)
  return escapeHtml(token)
}

/** Deeper than this the lines are not set in further. */
const INDENT_MAX = 12

/**
 * JSON on one line, as it goes over the wire, shown on many: before each member stands an empty element that the stylesheet breaks the line at (`in3`: three levels in). What
 * is copied has no break.
 */
export function colourWireJson(text: string): string {
  let depth = 0
  let pieces = ''
  const line = (): string => `<span class="in${Math.min(depth, INDENT_MAX)}"></span>`
  const tokens = [...text.matchAll(JSON_TOKEN)]
  for (const [at, [token, colon]] of tokens.entries()) {
    const isEmpty = (token === '{' && tokens[at + 1]?.[0] === '}') || (token === '[' && tokens[at + 1]?.[0] === ']')
    const closesEmpty = (token === '}' && tokens[at - 1]?.[0] === '{') || (token === ']' && tokens[at - 1]?.[0] === '[')
    if ((token === '}' || token === ']') && !closesEmpty) {
      depth -= 1
      pieces += line()
    }
    pieces += colon === undefined ? colourToken(token, colon) : `${colourToken(token, colon)}<span class="gap"></span>`
    if ((token === '{' || token === '[') && !isEmpty) {
      depth += 1
      pieces += line()
    }
    if (token === ',') pieces += line()
  }
  return pieces
}

/** A body as it goes over the wire. */
export function colourBody(body: string): string {
  if (!isJson(body)) return escapeHtml(body)
  return body.length > LINE_MAX && !/\n/.test(body) ? colourWireJson(body) : colourJson(body)
}

/** What fits on one line stays on it. */
const LINE_MAX = 48

function isJson(text: string): boolean {
  try {
    return typeof JSON.parse(text) === 'object'
  } catch {
    return false
  }
}
