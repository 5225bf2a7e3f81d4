/** Whether what a service answers opens the WebSocket that it was asked for (RFC 6455 section 4.2.2). */
import { createHash } from 'node:crypto'
import { headerValues } from 'tollgate/gate'
import { listElements } from '../http/request-head.ts'

/** RFC 6455 section 1.3. */
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'

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
