/**
 * The one grammar by which heads of answers are read without undici: RFC 9110 and 9112 without anything that two readers might take in different ways. What it
 * takes, Node's parser reads to the same bytes (`differential.test.ts`); whatever is anything else is left to that parser, so it may leave what is valid, and
 * never the other way round.
 *
 *     "HTTP/1.1" SP ( "2" / "3" / "4" / "5" ) 2DIGIT SP *( HTAB / %x20-7E / %x80-FF ) CRLF
 *     *( token ":" OWS *( HTAB / %x20-7E / %x80-FF ) CRLF )      no blank before the end of a line
 *     CRLF
 *
 * with a body whose end is known from the head: one Content-Length, or `Transfer-Encoding: chunked` without trailers, or none by method or status.
 */
import { FieldScanner, isOfValue, lengthForm, lengthSoFar, CR, LF } from '../../http/plain/field-scanner.ts'

/** Where a body ends: `none`: there is none. */
export type ResponseFraming = { readonly kind: 'none' } | { readonly kind: 'length'; readonly length: number } | { readonly kind: 'chunks' }

export interface ResponseHead {
  readonly kind: 'response'
  readonly status: number
  /** Flat: name, value, name, value. */
  readonly headers: readonly string[]
  readonly framing: ResponseFraming
  /** No other request may follow on the connection. */
  readonly closes: boolean
  /** The value of `Keep-Alive`: how long the connection may rest. */
  readonly keepAlive: string | undefined
  /** Where its body begins, or what follows. */
  readonly end: number
}

export type ResponseReading =
  | ResponseHead
  /** So far it could become one. */
  | typeof incomplete
  /** Left to Node's parser. */
  | typeof other

const incomplete = { kind: 'incomplete' } as const
const other = { kind: 'other' } as const
const none: ResponseFraming = { kind: 'none' }
const chunks: ResponseFraming = { kind: 'chunks' }

/** Undici's own limit is at 16,384 bytes of names and values. */
const HEAD_BYTES_MAX = 16_000

/** More is looked at only where the head's end is known. */
const LOOK_AT_ONCE_BYTES = 512

const headEnd = Buffer.from('\r\n\r\n')
const version = 'HTTP/1.1 '
const statusForm = /^[2-5]\d\d $/
const statusSoFar = /^(?:[2-5]\d{0,2})?$/

/** Whatever speaks of another protocol, or of fields behind the body. `proxy-connection` is Connection to Node's parser. */
const leftToNode: ReadonlySet<string> = new Set(['upgrade', 'trailer', 'proxy-connection'])

/** `toHead`: it answers a HEAD request. */
export function readResponseHead(bytes: Buffer, toHead: boolean): ResponseReading {
  let to = bytes.length
  if (to > LOOK_AT_ONCE_BYTES) {
    const end = bytes.indexOf(headEnd)
    to = end === -1 ? to : end + headEnd.length
  }
  if (to > HEAD_BYTES_MAX) return other
  return readText(bytes.toString('latin1', 0, to), toHead)
}

function readText(text: string, toHead: boolean): ResponseReading {
  if (!text.startsWith(version)) return version.startsWith(text) ? incomplete : other
  let at = version.length + 4
  const code = text.slice(version.length, at)
  if (!statusForm.test(code)) return statusSoFar.test(code) ? incomplete : other
  const status = Number(code)
  while (isOfValue[text.charCodeAt(at)] === 1) at += 1
  if (at < text.length && text.charCodeAt(at) !== CR) return other
  if (at + 1 < text.length && text.charCodeAt(at + 1) !== LF) return other
  if (at + 1 >= text.length) return incomplete

  const headers: string[] = []
  let contentLength: number | undefined
  let isChunked = false
  let connection: string | undefined
  let keepAlive: string | undefined
  const fields = new FieldScanner(text, at + 2)
  for (;;) {
    const found = fields.next()
    if (found === 'other') return other
    if (found === 'end') break
    const { name, value } = fields
    if (leftToNode.has(name)) return other
    // Node refuses a second framing at its name.
    if (name === 'content-length' && (contentLength !== undefined || isChunked || !lengthSoFar.test(value))) return other
    if (name === 'transfer-encoding' && (contentLength !== undefined || isChunked)) return other
    if (found === 'incomplete') return incomplete
    // Undici passes such a blank on, and Node does not.
    if (fields.isTrimmed) return other
    switch (name) {
      case 'content-length':
        if (!lengthForm.test(value)) return other
        contentLength = Number(value)
        break
      case 'transfer-encoding':
        if (value !== 'chunked') return other
        isChunked = true
        break
      case 'connection':
        if (connection !== undefined) return other
        connection = value.toLowerCase()
        if (connection !== 'close' && connection !== 'keep-alive') return other
        break
      case 'keep-alive':
        if (keepAlive !== undefined) return other
        keepAlive = value
        break
      default:
    }
    headers.push(fields.rawName, value)
  }
  const framing = framingOf(status, toHead, contentLength, isChunked)
  if (framing === undefined) return other
  return { kind: 'response', status, headers, framing, closes: connection === 'close', keepAlive, end: fields.at }
}

/** Undefined where it is not known by the head alone, or not to everybody the same. */
function framingOf(status: number, toHead: boolean, length: number | undefined, isChunked: boolean): ResponseFraming | undefined {
  if (toHead) return none
  // A 304 may tell the length of a 200 (RFC 9110 section 8.6), and a parser may take it for its own.
  if (status === 204 || status === 304) return isChunked || (length ?? 0) > 0 ? undefined : none
  if (isChunked) return chunks
  if (length === undefined) return undefined
  return length === 0 ? none : { kind: 'length', length }
}
