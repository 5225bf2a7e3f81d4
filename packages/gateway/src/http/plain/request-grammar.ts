/**
 * The one grammar of the plain wire: RFC 9110 and 9112 without anything that two servers might read in different ways. What it takes, Node's parser reads to
 * the same bytes (`differential.test.ts`); whatever is anything else it leaves to that parser, so it may refuse what is valid, and never the other way round.
 *
 *     (GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) SP path [ "?" query ] SP "HTTP/1.1" CRLF
 *     *( token ":" OWS *( HTAB / %x20-7E / %x80-FF ) OWS CRLF )
 *     CRLF
 *
 * with exactly one Host, at most one Content-Length, at most one Connection that says `close` or `keep-alive`, and no word about another framing or protocol.
 */
import { hostForm } from '../request-fault.ts'
import { RequestHead } from '../request-head.ts'
import type { FrontLimits } from '../limits.ts'
import { charactersOf, FieldScanner, lengthForm, lengthSoFar } from './field-scanner.ts'

export type HeadReading =
  /** `end`: where its body begins, if it has one. */
  | { readonly kind: 'request'; readonly head: RequestHead; readonly end: number; readonly closes: boolean }
  /** So far it could become one. */
  | typeof incomplete
  /** Left to Node. */
  | typeof other

const incomplete = { kind: 'incomplete' } as const
const other = { kind: 'other' } as const

const methods = ['GET ', 'POST ', 'PUT ', 'PATCH ', 'DELETE ', 'HEAD ', 'OPTIONS ']
const METHOD_LENGTH_MAX = 8
const versionAndEnd = ' HTTP/1.1\r\n'
const headEnd = Buffer.from('\r\n\r\n')

/** More is looked at only where the head's end is known. */
const LOOK_AT_ONCE_BYTES = 512

const SLASH = 47

/** RFC 3986: `pchar`, `/` and `?`. */
const isOfTarget = charactersOf("/?:@!$&'()*+,;=-._~%0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
/** Whatever speaks of another framing or protocol. `proxy-connection` is Connection to Node's parser. */
const leftToNode: ReadonlySet<string> = new Set(['transfer-encoding', 'expect', 'upgrade', 'http2-settings', 'proxy-connection'])
const none: readonly string[] = []
const close: readonly string[] = ['close']
const keepAlive: readonly string[] = ['keep-alive']

type Limits = Pick<FrontLimits, 'headBytesMax' | 'headersMax' | 'targetBytesMax'>

/** Reads the request head that begins at `from`. */
export function readRequestHead(bytes: Buffer, from: number, limits: Limits): HeadReading {
  let to = bytes.length
  if (to - from > LOOK_AT_ONCE_BYTES) {
    const end = bytes.indexOf(headEnd, from)
    to = end === -1 ? Math.min(to, from + limits.headBytesMax + 1) : end + headEnd.length
  }
  if (to - from <= limits.headBytesMax) return readText(bytes.toString('latin1', from, to), from, limits)
  const reading = readText(bytes.toString('latin1', from, from + limits.headBytesMax), from, limits)
  return reading.kind === 'incomplete' ? other : reading
}

function readText(text: string, from: number, limits: Limits): HeadReading {
  const size = text.length
  const method = methodOf(text)
  if (method === undefined) return other
  if (method === '') return incomplete

  const targetStart = method.length + 1
  let at = targetStart
  while (at < size && isOfTarget[text.charCodeAt(at)] === 1) at += 1
  if (at - targetStart > limits.targetBytesMax) return other
  if (at > targetStart && text.charCodeAt(targetStart) !== SLASH) return other
  if (at === targetStart && at < size) return other
  if (!text.startsWith(versionAndEnd, at)) return versionAndEnd.startsWith(text.slice(at)) ? incomplete : other
  const target = text.slice(targetStart, at)
  at += versionAndEnd.length

  const headers: string[] = []
  const names: string[] = []
  let host: string | undefined
  let contentLength: number | undefined
  let connectionOptions = none
  let closes = false
  const fields = new FieldScanner(text, at)
  for (;;) {
    const found = fields.next()
    if (found === 'other') return other
    if (found === 'end') break
    const { name, value, isTrimmed } = fields
    const isLength = name === 'content-length'
    if (leftToNode.has(name) || (isLength && (contentLength !== undefined || !lengthSoFar.test(value)))) return other
    if (name !== '' && names.length === limits.headersMax) return other
    if (found === 'incomplete') return incomplete

    if (isLength) {
      if (isTrimmed || !lengthForm.test(value)) return other
      contentLength = Number(value)
    } else if (name === 'host') {
      if (host !== undefined || !hostForm.test(value)) return other
      host = value
    } else if (name === 'connection') {
      const option = value.toLowerCase()
      // To Node `close` is another word where a tab follows.
      if (connectionOptions !== none || isTrimmed) return other
      if (option !== 'close' && option !== 'keep-alive') return other
      closes = option === 'close'
      connectionOptions = closes ? close : keepAlive
    }
    headers.push(fields.rawName, value)
    names.push(name)
  }
  if (host === undefined) return other
  const head = new RequestHead({ method, target, version: '1.1', headers, names, hosts: 1, host, transferEncoding: undefined, contentLength, expect: undefined, connectionOptions })
  return { kind: 'request', head, end: from + fields.at, closes }
}

/** Empty where it may still become one. */
function methodOf(text: string): string | undefined {
  for (const method of methods) if (text.startsWith(method)) return method.slice(0, -1)
  return text.length <= METHOD_LENGTH_MAX && methods.some((method) => method.startsWith(text)) ? '' : undefined
}
