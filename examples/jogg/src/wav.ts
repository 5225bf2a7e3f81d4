/** How long a WAV recording is, from the beginning of its file. */

/**
 * Whole seconds, at least 1; undefined for bytes that are no WAV, or whose header ends before it tells the length. Total: any bytes in.
 * RIFF: `RIFF size WAVE`, then chunks of a name, a size and so many bytes, padded to an even number.
 */
export function wavSeconds(head: Buffer): number | undefined {
  if (nameAt(head, 0) !== 'RIFF' || nameAt(head, 8) !== 'WAVE') return undefined
  let bytesPerSecond = 0
  for (let at = 12; at + 8 <= head.length; ) {
    const name = nameAt(head, at)
    const size = head.readUInt32LE(at + 4)
    if (name === 'fmt ' && size >= 16 && at + 20 <= head.length) bytesPerSecond = head.readUInt32LE(at + 16)
    if (name === 'data') return bytesPerSecond === 0 || size === 0 || size === STREAMED ? undefined : Math.ceil(size / bytesPerSecond)
    at += 8 + size + (size % 2)
  }
  return undefined
}

/** Written by recorders that do not know the length in advance. */
const STREAMED = 0xff_ff_ff_ff

function nameAt(head: Buffer, at: number): string {
  return head.toString('latin1', at, at + 4)
}
