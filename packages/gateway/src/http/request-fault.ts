/**
 * What is wrong with a request before any route is looked at: what Node's parser refuses, what Node's server would answer by itself (in its
 * own words, outside every dialect), and what it lets pass although a proxy must not: framings that two servers may read differently.
 */
import type { IncomingMessage } from 'node:http'
import { compact, type Facts, type Reason } from 'tollgate/contract'
import type { FrontLimits } from './limits.ts'
import type { RequestHead } from './request-head.ts'

export interface RequestFault {
  readonly reason: Reason
  readonly facts: Facts
  /** For the operator. */
  readonly cause?: string
  /** Where the request ends is in doubt, or the caller speaks something else: nothing more is read from the connection. */
  readonly closes: boolean
}

/** The request's target in origin-form, or what is wrong with the head. */
export type HeadCheck = { readonly kind: 'fine'; readonly target: string } | { readonly kind: 'fault'; readonly fault: RequestFault }

/** RFC 9110 section 7.2: a name or an address, a port. */
export const hostForm = /^(?:[\w.~%!$&'()*+,;=-]*|\[[\da-f:.]+\])(?::\d*)?$/i

export function checkHead(head: RequestHead, limits: FrontLimits): HeadCheck {
  const { method, target, version, host } = head
  if (version !== '1.1' && version !== '1.0') return invalid(`HTTP/${version} is not spoken here; send HTTP/1.1`)
  if (head.names.length > limits.headersMax) return tooLarge(`the request has more than ${limits.headersMax} headers`)
  if (target.length > limits.targetBytesMax) return tooLarge(`the request target is longer than ${limits.targetBytesMax} bytes`, limits.targetBytesMax)
  // RFC 9112 section 3.2: exactly one Host, which only HTTP/1.0 may leave out.
  if (host === undefined && version === '1.1') return invalid('the Host header is missing', 'host')
  if (head.hosts > 1) return invalid('the Host header was sent more than once', 'host')
  if (host !== undefined && !hostForm.test(host)) return invalid('the Host header is not a host name', 'host')
  if (head.transferEncoding !== undefined) {
    // RFC 9112 section 6.1: what we cannot take apart we must not pass on; in HTTP/1.0 the framing is in doubt.
    if (version === '1.0') return invalid('Transfer-Encoding does not exist in HTTP/1.0', 'transfer-encoding')
    if (head.transferEncoding.toLowerCase() !== 'chunked') return invalid('the only Transfer-Encoding understood here is chunked', 'transfer-encoding')
  }
  if (head.expect !== undefined && version === '1.1' && head.expect.toLowerCase() !== '100-continue') {
    return invalid('the only expectation understood here is 100-continue', 'expect')
  }
  if (method === 'TRACE') return { kind: 'fault', fault: { reason: 'method.not_allowed', facts: { method }, closes: head.hasBody } }
  if (target === '*') return { kind: 'fault', fault: { reason: 'route.unknown', facts: { method, path: target, issue: 'there is nothing at *' }, closes: head.hasBody } }
  const origin = toOriginForm(target, host)
  if (origin === undefined) return invalid('the request target is neither a path nor a URL of the host that the Host header names')
  // RFC 3986: anything else is percent-encoded, and a fragment never leaves the client.
  if (!/^[!"$-~]*$/.test(origin)) return invalid('the request target holds characters that must be percent-encoded')
  return { kind: 'fine', target: origin }
}

/** RFC 9112 section 3.2.2: `http://host/path` is `/path`, if it is our host. */
function toOriginForm(target: string, host: string | undefined): string | undefined {
  if (target.startsWith('/')) return target
  const [, authority = '', rest = ''] = /^https?:\/\/([^/?#]*)(.*)$/i.exec(target) ?? []
  if (authority === '' || authority.toLowerCase() !== (host ?? authority).toLowerCase()) return undefined
  return rest.startsWith('/') ? rest : `/${rest}`
}

/** What Node's parser or its clock says; undefined for a socket that simply broke. */
export function faultOfParser(error: NodeJS.ErrnoException, limits: FrontLimits): RequestFault | undefined {
  const code = error.code ?? ''
  const cause = `${code}: ${error.message}`
  const closes = true
  if (code === 'HPE_HEADER_OVERFLOW') {
    const issue = `the request's head is longer than ${limits.headBytesMax} bytes`
    return { reason: 'request.too_large', facts: { issue, bytesMax: limits.headBytesMax }, cause, closes }
  }
  if (code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW') return { reason: 'request.too_large', facts: { issue: 'the extensions of the chunks are too long' }, cause, closes }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return { reason: 'request.invalid', facts: { issue: 'the request did not arrive in time' }, cause, closes }
  if (code === 'HPE_INVALID_METHOD') return { reason: 'request.invalid', facts: { issue: 'the request is not valid HTTP/1.1: it does not begin with a method, in upper case, such as GET' }, cause, closes }
  if (code.startsWith('HPE_')) return { reason: 'request.invalid', facts: { issue: 'the request is not valid HTTP/1.1' }, cause, closes }
  return undefined
}

/** What is known of a request that is answered without its headers: the path chooses the dialect, HEAD wants no body. */
export interface RequestLine {
  readonly method?: string | undefined
  readonly target?: string | undefined
}

export function lineOf({ method = '', url = '' }: IncomingMessage): RequestLine {
  return { method, target: url }
}

/** A packet that the parser could not read to its end. */
export interface UnreadPacket {
  readonly rawPacket?: Buffer
  /** Where it gave up. */
  readonly bytesParsed?: number
}

const headEnd = '\r\n\r\n'

/** What stands for a method may be none. What cannot be read of a target is cut off at the slash before it. */
const requestLine = /^[\r\n]*([!-.0-9;-~]{1,64}) +(?:https?:\/\/[!-.0-~]*)?(?:(\/[!-~]{0,2048}) HTTP\/\d|(\/(?:[!-~]{0,2047}\/)?))?/i

/**
 * The request line of the request that broke: of a packet with several it is none of those before. They end with a head, and with the body of the last one that
 * was read, of so many bytes. Empty when the line stood in an earlier packet, or is none.
 */
export function requestLineOf({ rawPacket, bytesParsed = 0 }: UnreadPacket, bodyBytesBefore = 0): RequestLine {
  const text = rawPacket?.toString('latin1') ?? ''
  const before = text.lastIndexOf(headEnd, Math.max(0, bytesParsed - headEnd.length))
  const start = before === -1 || bytesParsed < headEnd.length ? 0 : before + headEnd.length + bodyBytesBefore
  const [, method, target, readable] = requestLine.exec(text.slice(start, start + 4_096)) ?? []
  const known = target ?? readable
  return { method, target: known }
}

function invalid(issue: string, header?: string): HeadCheck {
  return { kind: 'fault', fault: { reason: 'request.invalid', facts: compact({ issue, header }), closes: true } }
}

function tooLarge(issue: string, bytesMax?: number): HeadCheck {
  return { kind: 'fault', fault: { reason: 'request.too_large', facts: compact({ issue, bytesMax }), closes: true } }
}
