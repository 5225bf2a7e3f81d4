/** An answer as tools print it: `curl -i`, `curl -v`, HTTPie, a proxy's dump. */
import { toReceivedHeaders } from '../contract/read/received-headers.ts'
import type { ReceivedAnswer } from '../contract/declare/wire.ts'
import type { PastedAnswer, PastedRequest } from './pasted-answer.ts'

/**
 * Undefined where the text does not begin with a status line. Of several answers, the last: those before it were interim, or led elsewhere.
 *
 * @example
 * parseHttpAnswer('HTTP/1.1 429 Too Many Requests\nRetry-After: 5\n\nslow') // => { status: 429, headers: { 'retry-after': '5' }, body: 'slow' }
 */
export function parseHttpAnswer(text: string): ReceivedAnswer | undefined {
  const [, status, lines = '', body = ''] = /^HTTP\/[\d.]+ (\d{3})[^\r\n]*\r?\n((?:[^\r\n]+\r?\n)*)(?:\r?\n([\s\S]*))?$/.exec(text) ?? []
  if (status === undefined) return undefined
  const next = body.startsWith('HTTP/') ? parseHttpAnswer(body) : undefined
  return next ?? { status: Number(status), headers: toReceivedHeaders(lines.split(/\r?\n/).flatMap(toHeader)), body }
}

function toHeader(line: string): readonly string[] {
  const [, name, value = ''] = /^([^:\s]+):\s*(.*)$/.exec(line) ?? []
  return name === undefined ? [] : [name, value.trimEnd()]
}

/** The same with what stands around it: the request, the talk of `curl -v`, a prompt. */
export function readHttpText(text: string): PastedAnswer | undefined {
  const isVerbose = /^< HTTP\//m.test(text)
  const request = requestIn(text)
  const plain = isVerbose ? withoutTalk(text) : text.slice(Math.max(0, text.search(/^HTTP\/[\d.]+ \d{3}/m)))
  const read = parseHttpAnswer(plain.endsWith('\n') ? plain : `${plain}\n`)
  return read && { form: 'http', status: read.status, headers: read.headers, hasHeaders: Object.keys(read.headers).length > 0, body: String(read.body).replace(/\n$/, ''), request, atMs: dateIn(read.headers) }
}

export function dateIn(headers: ReceivedAnswer['headers']): number | undefined {
  const atMs = Date.parse(headers['date'] ?? '')
  return Number.isNaN(atMs) ? undefined : atMs
}

/** Of `curl -v`: lines with `<` are the answer's head, `*` is talk, `>` the request, `{` and `}` are data that it counts; what remains is the body. */
function withoutTalk(text: string): string {
  const head: string[] = []
  const body: string[] = []
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith('< HTTP/')) head.splice(0, head.length, line.slice(2))
    else if (line.startsWith('<')) head.push(line.slice(2))
    else if (head.length > 0 && !/^(?:[*>]|[{}] \[\d+ bytes data\])/.test(line)) body.push(line)
  }
  return `${head.filter((line) => line !== '').join('\n')}\n\n${body.join('\n')}`
}

function requestIn(text: string): PastedRequest | undefined {
  const [, mark = '', method, path] = /^(> |)([A-Z]{3,8}) (\/\S*|https?:\/\/\S+) HTTP\/[\d.]+/m.exec(text) ?? []
  const [, host] = /^(?:> )?host: (\S+)/im.exec(text) ?? []
  if (method === undefined) return undefined
  return { method, url: path?.startsWith('/') === true && host !== undefined ? `https://${host}${path}` : path, hasKey: mark === '' ? undefined : /^> idempotency-key:/im.test(text) }
}
