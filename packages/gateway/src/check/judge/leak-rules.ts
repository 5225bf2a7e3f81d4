/** What no answer says: how the server works, where it lives, and what the caller keeps secret. */
import { bodyText, type Answered } from '../probe-exchange.ts'
import { faultOf, shown, type AnswerFault } from './answer-fault.ts'
import type { AnswerRule } from './judge-context.ts'

const traces: readonly RegExp[] = [
  /^\s*at .{0,120}(?::\d+:\d+\)?|\(native\)|\(<anonymous>\))/m, /\bat (?:async )?[\w.$<>]+ \([^()]{1,200}:\d+:\d+\)/, /Traceback \(most recent call last\)/, /File "[^"]{1,200}", line \d+/, /\bnode_modules\//,
  /\b[\w$]+(?:\.[\w$]+)+\([\w$]+\.(?:java|kt|scala|cs):\d+\)/, /Exception in thread "/, /\bgoroutine \d+ \[/, /\bpanic: /, /\.go:\d+ \+0x[\da-f]+/, /#\d+ \/[\w./-]+\.php\(\d+\)/, /\bin \/[\w./-]+\.(?:php|rb|py|js|ts) ?(?:on line|:) ?\d+/,
  /\b(?:Type|Reference|Syntax|Range)Error: /, /\bSystem\.[\w.]*Exception\b/, /\bjava\.\w[\w.]*(?:Exception|Error)\b/, /\bNullPointerException\b/,
  /\bSQLSTATE\[/, /\bORA-\d{5}\b/, /\bsyntax error at or near "/, /\bSELECT .{1,200} FROM \w/i, /\bINSERT INTO \w+ ?\(/i, /\bduplicate key value violates\b/, /\bSQLITE_\w+/, /\bE(?:CONNREFUSED|NOTFOUND|TIMEDOUT|NOENT)\b/,
]

export const noStack: AnswerRule = (exchange) => {
  for (const [place, text] of placesOf(exchange)) {
    const found = traces.map((pattern) => pattern.exec(withoutEscapes(text))?.[0]).find((each) => each !== undefined && !isEcho(each, exchange))
    if (found !== undefined) return [faultOf('no-stack', place, `${place} has what only a log should have: ${shown(found.trim())}`)]
  }
  return []
}

/** So much of a secret in a row is no chance. */
const PIECE_CHARS = 12

export const noSecret: AnswerRule = (exchange, { secrets }) => {
  const sent = [...new Set(secrets)].filter((secret) => secret.length >= 8)
  for (const [place, text] of placesOf(exchange)) {
    const leaked = sent.find((secret) => saysPieceOf(secret, text) || text.includes(Buffer.from(secret).toString('base64').replace(/=+$/, '')) || text.includes(encodeURIComponent(secret)))
    if (leaked !== undefined) return [faultOf('no-secret', place, `${place} says a credential, or a part of one`)]
  }
  return []
}

/** Any part of it; of one whose characters are few (zeros), more than those. */
function saysPieceOf(secret: string, text: string): boolean {
  const length = Math.min(PIECE_CHARS, secret.length)
  for (let at = 0; at + length <= secret.length; at += 1) {
    const piece = secret.slice(at, at + length)
    if (new Set(piece).size >= 5 && text.includes(piece)) return true
  }
  return false
}

const internals: readonly (readonly [what: string, pattern: RegExp])[] = [
  ['a private address', /\b(?:10\.\d{1,3}|192\.168|172\.(?:1[6-9]|2\d|3[01])|127\.\d{1,3}|169\.254)\.\d{1,3}(?:\.\d{1,3})?\b(?::\d+)?/],
  ['a host inside', /\b[\w-]+(?:\.[\w-]+)*\.(?:internal|local|svc|cluster|lan|corp)\b(?::\d+)?|\blocalhost:\d+/],
  ['a file of the server', /(?<![\w:/])\/(?:home|var|usr|etc|opt|srv|root|app|tmp|private|Users)\/[\w./-]{3,}|\b[A-Z]:\\\\?[\w\\]{3,}/],
  ['a connection string', /\b(?:postgres(?:ql)?|mysql|mongodb(?:\+srv)?|redis|amqp):\/\/\S+/],
  ['a page of a server', /<(?:!doctype html|html|title>)/i],
]

/** Names and versions of what runs there are a list of what can be broken. */
const tellingHeaders = new Set(['x-powered-by', 'x-aspnet-version', 'x-aspnetmvc-version', 'x-runtime', 'x-debug', 'x-debug-token', 'x-backend', 'x-backend-server', 'x-upstream', 'x-served-by', 'x-envoy-upstream-service-time', 'via-internal'])

export const noInternals: AnswerRule = (exchange, { ownHosts }) => {
  const inText = placesOf(exchange).flatMap(([place, text]) => {
    const found = internals.map(([what, pattern]) => [what, pattern.exec(text)?.[0]] as const).find(([, each]) => each !== undefined && !isEcho(each, exchange) && !ownHosts.some((host) => each.includes(host) || host.includes(each)))
    return found === undefined ? [] : [faultOf('no-internals', place, `${place} tells ${found[0]}: ${shown(found[1])}`)]
  })
  const { headers } = exchange.answer
  const inHeaders = headers.flatMap((name, at): readonly AnswerFault[] => {
    if (at % 2 === 1) return []
    const value = headers[at + 1] ?? ''
    if (tellingHeaders.has(name.toLowerCase()) || /^x-(?:debug|internal)-/i.test(name)) return [faultOf('no-internals', name.toLowerCase(), `${name} tells what runs there: ${shown(value)}`)]
    return name.toLowerCase() === 'server' && /\/\d/.test(value) ? [faultOf('no-internals', 'server', `Server tells a version: ${shown(value)}`)] : []
  })
  return [...inText.slice(0, 1), ...inHeaders]
}

/** Body and headers. */
function placesOf({ answer }: Answered): readonly (readonly [place: string, text: string])[] {
  const headers = answer.headers.flatMap((name, at) => (at % 2 === 0 ? [[name.toLowerCase(), answer.headers[at + 1] ?? ''] as const] : []))
  return [['the body', bodyText(answer)], ...headers]
}

/** A caller may read what it has said itself. */
function isEcho(found: string, { request }: Answered): boolean {
  const said = [request.path, safelyDecoded(request.path), ...request.headers.map(([, value]) => value), request.body.kind === 'text' ? request.body.text : ''].join('\n')
  return said.includes(found)
}

function safelyDecoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

/** A stack in JSON stands in one line. */
function withoutEscapes(text: string): string {
  return text.replaceAll('\\n', '\n').replaceAll('\\"', '"')
}
