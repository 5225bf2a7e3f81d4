/** The beginning of a WAV file: 16 kHz, 16 bit, one channel. */
const BYTES_PER_SECOND = 32_000

export function wavHead(seconds: number, { extraChunk = 0, dataBytes = Math.round(seconds * BYTES_PER_SECOND) }: { extraChunk?: number; dataBytes?: number } = {}): Buffer {
  const format = Buffer.alloc(16)
  format.writeUInt16LE(1, 0)
  format.writeUInt16LE(1, 2)
  format.writeUInt32LE(16_000, 4)
  format.writeUInt32LE(BYTES_PER_SECOND, 8)
  format.writeUInt16LE(2, 12)
  format.writeUInt16LE(16, 14)
  const extra = extraChunk === 0 ? [] : [chunk('LIST', extraChunk, Buffer.alloc(extraChunk + (extraChunk % 2)))]
  return Buffer.concat([chunk('RIFF', Math.min(36 + dataBytes, 0xff_ff_ff_ff), Buffer.from('WAVE')), chunk('fmt ', 16, format), ...extra, chunk('data', dataBytes, Buffer.alloc(4))])
}

function chunk(name: string, size: number, content: Buffer): Buffer {
  const head = Buffer.alloc(8)
  head.write(name, 'latin1')
  head.writeUInt32LE(size, 4)
  return Buffer.concat([head, content])
}
