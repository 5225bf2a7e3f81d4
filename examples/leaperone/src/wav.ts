/** A WAV recording: what its header says, and the sound itself. */

export interface Recording {
  readonly samplesPerSecond: number
  /** How loud the first channel is at each sample, from 0 to 1. */
  loudness(sample: number): number
  readonly samples: number
  readonly seconds: number
}

const PCM = 1
/** So that a file of a given size cannot be arbitrarily long. */
export const SAMPLES_PER_SECOND_MIN = 8_000

/**
 * Undefined for bytes that are no WAV of 8 or 16 bit PCM. The length is that of the sound that is there, whatever the header says of it. Total: any
 * bytes in. RIFF: `RIFF size WAVE`, then chunks of a name, a size and so many bytes, padded to an even number.
 */
export function parseWav(file: Buffer): Recording | undefined {
  if (nameAt(file, 0) !== 'RIFF' || nameAt(file, 8) !== 'WAVE') return undefined
  let format: Format | undefined
  for (let at = 12; at + 8 <= file.length; ) {
    const name = nameAt(file, at)
    const size = file.readUInt32LE(at + 4)
    if (name === 'fmt ') format = parseFormat(file.subarray(at + 8, at + 8 + size))
    if (name === 'data') return format && toRecording(format, file.subarray(at + 8, at + 8 + size))
    at += 8 + size + (size % 2)
  }
  return undefined
}

interface Format {
  readonly channels: number
  readonly samplesPerSecond: number
  readonly bytesPerSample: 1 | 2
}

function parseFormat(chunk: Buffer): Format | undefined {
  if (chunk.length < 16 || chunk.readUInt16LE(0) !== PCM) return undefined
  const channels = chunk.readUInt16LE(2)
  const samplesPerSecond = chunk.readUInt32LE(4)
  const bits = chunk.readUInt16LE(14)
  if (channels === 0 || samplesPerSecond < SAMPLES_PER_SECOND_MIN || (bits !== 8 && bits !== 16)) return undefined
  return { channels, samplesPerSecond, bytesPerSample: bits === 8 ? 1 : 2 }
}

function toRecording({ channels, samplesPerSecond, bytesPerSample }: Format, sound: Buffer): Recording {
  const stride = channels * bytesPerSample
  const samples = Math.floor(sound.length / stride)
  // Eight bits are unsigned around 128, sixteen are signed.
  const loudness = (sample: number) => (bytesPerSample === 1 ? Math.abs(sound.readUInt8(sample * stride) - 128) / 128 : Math.abs(sound.readInt16LE(sample * stride)) / 32_768)
  return { samplesPerSecond, samples, seconds: samples / samplesPerSecond, loudness }
}

function nameAt(file: Buffer, at: number): string {
  return file.toString('latin1', at, at + 4)
}
