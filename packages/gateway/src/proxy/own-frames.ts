/** Frames of our own, as a server sends them: whole and unmasked (RFC 6455 section 5.1), and uncompressed, which every extension allows. */

/** A text message. */
export function formatTextFrame(text: string): Buffer {
  const payload = Buffer.from(text)
  return Buffer.concat([headOf(0x81, payload.length), payload])
}

/** RFC 6455 section 5.5.1. `reason`: at most 123 bytes. */
export function formatCloseFrame(code: number, reason: string): Buffer {
  const payload = Buffer.concat([Buffer.from([code >> 8, code & 0xff]), Buffer.from(reason)])
  return Buffer.concat([headOf(0x88, payload.length), payload])
}

function headOf(first: number, bytes: number): Buffer {
  if (bytes < 126) return Buffer.from([first, bytes])
  const isShort = bytes < 65_536
  const head = Buffer.alloc(isShort ? 4 : 10)
  head[0] = first
  head[1] = isShort ? 126 : 127
  if (isShort) head.writeUInt16BE(bytes, 2)
  else head.writeBigUInt64BE(BigInt(bytes), 2)
  return head
}
