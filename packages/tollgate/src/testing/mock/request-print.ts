/** Requests of the same method, target and body have the same print. */
import { toReceivedHeaders } from '../../contract/read/received-headers.ts'
import type { MockRequest } from './mock-plan.ts'

/** Two hashes of 32 bits (FNV-1a, each from another start): to tell requests apart, and for nothing else. */
export function printOf({ method, target, headers, body: sent }: MockRequest): string {
  // Each attempt may have another boundary (RFC 2046 section 5.1.1).
  const [, boundary] = /\bmultipart\/[^,]*;\s*boundary="?([^";,\s]+)/i.exec(toReceivedHeaders(headers)['content-type'] ?? '') ?? []
  const body = boundary === undefined ? sent : new TextEncoder().encode(new TextDecoder('latin1').decode(sent).replaceAll(boundary, ''))
  let one = 0x811c9dc5
  let other = 0x050c5d1f
  const take = (byte: number): void => {
    one = Math.imul(one ^ byte, 0x01000193)
    other = Math.imul(other ^ byte, 0x01000193) ^ (other >>> 13)
  }
  for (const byte of new TextEncoder().encode(`${method} ${target}\n`)) take(byte)
  for (const byte of body) take(byte)
  return `${(one >>> 0).toString(16)}.${(other >>> 0).toString(16)}.${body.length}`
}
