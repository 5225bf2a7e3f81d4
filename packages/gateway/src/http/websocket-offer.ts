/** A request that asks for a WebSocket (RFC 6455 section 4.1). */
import type { IncomingMessage } from 'node:http'
import { headerValues } from 'tollgate/gate'
import { listElements } from './request-head.ts'

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
