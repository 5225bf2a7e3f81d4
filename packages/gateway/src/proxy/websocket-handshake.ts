/** The opening of a WebSocket (RFC 6455 section 4): what is one, and whether its answer is to it. */
import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { headerValues } from 'tollgate/server'
import { listElements } from './request-head.ts'

/** RFC 6455 section 1.3. */
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'

/**
 * Whether a request asks for the one protocol that we switch to. Other offers (`h2c`) are ignored, and so is any in HTTP/1.0 (RFC 9110 section 7.8) or with a
 * method that no handshake has.
 */
export function offersWebSocket({ method, httpVersion, rawHeaders }: Pick<IncomingMessage, 'method' | 'httpVersion' | 'rawHeaders'>): boolean {
  return method === 'GET' && httpVersion === '1.1' && headerValues(rawHeaders, 'upgrade').flatMap(listElements).includes('websocket')
}

/** Sixteen bytes in base64. */
export function isHandshakeKey(key: string | undefined): key is string {
  return key !== undefined && /^[A-Za-z0-9+/]{22}==$/.test(key)
}

function acceptOf(key: string): string {
  return createHash('sha1').update(`${key}${GUID}`).digest('base64')
}

/** What is wrong with a `101`: undefined when it switches to a WebSocket, and for who asked with this key. */
export function switchFault(headers: readonly string[], key: string): string | undefined {
  const protocols = headerValues(headers, 'upgrade')
  if (protocols.join(', ').trim().toLowerCase() !== 'websocket') return `switched to ${JSON.stringify(protocols.join(', ').slice(0, 64))}, and websocket was asked for`
  if (!headerValues(headers, 'connection').flatMap(listElements).includes('upgrade')) return 'switched without Connection: Upgrade'
  const accepts = headerValues(headers, 'sec-websocket-accept')
  return accepts.length === 1 && accepts[0]?.trim() === acceptOf(key) ? undefined : 'its Sec-WebSocket-Accept does not answer our Sec-WebSocket-Key'
}
