/** `traceparent` (W3C Trace Context, section 3.2): passed on when valid, minted otherwise; `tracestate` means nothing without a valid one. */

const form = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(-.*)?$/

export function isTraceparent(value: string): boolean {
  const parts = form.exec(value)
  if (parts === null) return false
  const [, version, traceId = '', parentId = '', rest] = parts
  // Version ff is forbidden; version 00 has nothing after its flags, a later one may.
  if (version === 'ff' || (version === '00' && rest !== undefined)) return false
  return !/^0+$/.test(traceId) && !/^0+$/.test(parentId)
}

/** Sampled: services that follow their parent's decision would otherwise never record a trace behind the gateway. */
export function mintTraceparent(randomBytes: (count: number) => Uint8Array): string {
  const bytes = randomBytes(24)
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')
  return `00-${hex.slice(0, 32)}-${hex.slice(32)}-01`
}
