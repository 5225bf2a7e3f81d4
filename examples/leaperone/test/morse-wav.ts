/** A tone keyed in Morse code, as a WAV file. `signs`: dots and dashes, a space between letters, a slash between words. */

export interface WavOptions {
  readonly samplesPerSecond?: number
  readonly unitSeconds?: number
  readonly bits?: 8 | 16
  readonly channels?: number
  /** Silence at the end. */
  readonly tailSeconds?: number
}

export const hello = '.... . .-.. .-.. ---'

export function morseWav(signs: string, { samplesPerSecond = 8_000, unitSeconds = 0.06, bits = 8, channels = 1, tailSeconds = 0.1 }: WavOptions = {}): Buffer {
  const unit = Math.round(samplesPerSecond * unitSeconds)
  const spoken = [...signs].flatMap((sign) => {
    if (sign === ' ') return [silence(2 * unit)]
    if (sign === '/') return [silence(6 * unit)]
    return [tone((sign === '.' ? 1 : 3) * unit, samplesPerSecond), silence(unit)]
  })
  const samples = [silence(unit), ...spoken, silence(Math.round(tailSeconds * samplesPerSecond))].flat()
  return wavFile(samples, { samplesPerSecond, bits, channels })
}

export function wavFile(samples: readonly number[], { samplesPerSecond, bits, channels }: Required<Pick<WavOptions, 'samplesPerSecond' | 'bits' | 'channels'>>): Buffer {
  const bytes = bits / 8
  const sound = Buffer.alloc(samples.length * channels * bytes)
  for (const [at, sample] of samples.entries()) {
    for (let channel = 0; channel < channels; channel++) {
      const offset = (at * channels + channel) * bytes
      if (bits === 8) sound.writeUInt8(Math.round(128 + sample * 127), offset)
      else sound.writeInt16LE(Math.round(sample * 32_767), offset)
    }
  }
  const format = Buffer.alloc(16)
  format.writeUInt16LE(1, 0)
  format.writeUInt16LE(channels, 2)
  format.writeUInt32LE(samplesPerSecond, 4)
  format.writeUInt32LE(samplesPerSecond * channels * bytes, 8)
  format.writeUInt16LE(channels * bytes, 12)
  format.writeUInt16LE(bits, 14)
  const chunks = Buffer.concat([Buffer.from('WAVE'), chunk('fmt ', format), chunk('data', sound)])
  return chunk('RIFF', chunks)
}

function chunk(name: string, content: Buffer): Buffer {
  const head = Buffer.alloc(8)
  head.write(name, 'latin1')
  head.writeUInt32LE(content.length, 4)
  return Buffer.concat([head, content])
}

function silence(samples: number): number[] {
  return Array.from({ length: samples }, () => 0)
}

function tone(samples: number, samplesPerSecond: number): number[] {
  return Array.from({ length: samples }, (_, at) => 0.6 * Math.sin((2 * Math.PI * 700 * at) / samplesPerSecond))
}
