/** `traceparent` (W3C Trace Context, section 3.2): passed on when valid, minted otherwise; `tracestate` means nothing without a valid one. */
import type { RequestHead } from './request-head.ts'

const form = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(-.*)?$/

export function isTraceparent(value: string): boolean {
  const parts = form.exec(value)
  if (parts === null) return false
  const [, version, traceId = '', parentId = '', rest] = parts
  // Version ff is forbidden; version 00 has nothing after its flags, a later one may.
  if (version === 'ff' || (version === '00' && rest !== undefined)) return false
  return !/^0+$/.test(traceId) && !/^0+$/.test(parentId)
}

/** Random bytes of so many ids are fetched at once: the call costs more than the bytes. */
const MINTED_AT_ONCE = 64
const BYTES_EACH = 24

/** Sampled: services that follow their parent's decision would otherwise never record a trace behind the gateway. */
export function createTraceparentMint(randomBytes: (count: number) => Uint8Array): () => string {
  let hex = ''
  let at = 0
  return () => {
    if (at === hex.length) {
      const bytes = randomBytes(MINTED_AT_ONCE * BYTES_EACH)
      hex = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')
      at = 0
    }
    const traceId = hex.slice(at, at + 32)
    const parentId = hex.slice(at + 32, at + 2 * BYTES_EACH)
    at += 2 * BYTES_EACH
    return `00-${traceId}-${parentId}-01`
  }
}

/** For the upstream. A `traceparent` sent twice is none (RFC 9110 section 5.3: it is not a list). */
export function traceHeaders(head: RequestHead, mint: () => string): readonly string[] {
  const parent = head.value('traceparent')
  if (parent === undefined || !isTraceparent(parent)) return ['traceparent', mint()]
  const state = head.value('tracestate')
  return state === undefined ? ['traceparent', parent] : ['traceparent', parent, 'tracestate', state]
}
