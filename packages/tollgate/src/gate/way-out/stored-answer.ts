/**
 * An upstream's answer, kept for its idempotency key and given again. At rest it is plain JSON, whichever store keeps it, so bytes that are no text stand in
 * it as base64; everywhere else an answer has one body.
 */
import type { StoredAnswer } from '../../engine/calls/call-record.ts'
import { ownText } from '../../contract/values/own-text.ts'
import type { Answer } from '../../contract/declare/wire.ts'
import { contextHeaderPrefix } from './context-headers.ts'
import { headerValues, withoutHeaders } from '../headers.ts'

/**
 * End at each hop (RFC 9110 section 7.6.1), belong to the bytes on the wire, or to the moment of the first answer. A cookie is for whoever got it first.
 */
const notKept = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authentication-info',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'content-length',
  'date',
  'age',
  'server',
  'x-powered-by',
  'set-cookie',
  'set-cookie2',
])

export function toStoredAnswer({ status, headers, body }: Answer): StoredAnswer {
  const options = new Set(headerValues(headers, 'connection').flatMap((value) => value.toLowerCase().split(',').map((option) => option.trim())))
  const kept = withoutHeaders(headers, (name) => notKept.has(name) || options.has(name) || name.startsWith(contextHeaderPrefix)).map(ownText)
  if (typeof body === 'string') return { status, headers: kept, body, encoding: 'utf8' }
  const text = toText(body)
  return text === undefined ? { status, headers: kept, body: toBase64(body), encoding: 'base64' } : { status, headers: kept, body: text, encoding: 'utf8' }
}

export function fromStoredAnswer({ status, headers, body, encoding }: StoredAnswer): Answer {
  return { status, headers, body: encoding === 'utf8' ? body : Uint8Array.from(atob(body), (character) => character.charCodeAt(0)) }
}

function toText(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

function toBase64(bytes: Uint8Array): string {
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary)
}
