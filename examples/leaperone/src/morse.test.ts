import { expect, test } from 'vitest'
import { hello, morseWav, wavFile } from '../test/morse-wav.ts'
import type { WavOptions } from '../test/morse-wav.ts'
import { transcribe } from './morse.ts'
import { parseWav } from './wav.ts'

function heard(file: Buffer): string | undefined {
  const recording = parseWav(file)
  return recording && transcribe(recording)
}

test.each<[string, WavOptions]>([
  ['slowly', { unitSeconds: 0.2 }],
  ['fast', { unitSeconds: 0.04 }],
  ['in sixteen bits and stereo', { bits: 16, channels: 2, samplesPerSecond: 44_100 }],
])('a greeting is understood, %s', (_, options) => {
  expect(heard(morseWav(`${hello}/.-- --- .-. .-.. -..`, options))).toBe('HELLO WORLD')
})

test('a sign that is none is a question mark', () => {
  expect(heard(morseWav('... ........- ...'))).toBe('S?S')
})

test('silence says nothing', () => {
  expect(heard(morseWav(''))).toBe('')
  expect(heard(wavFile([], { samplesPerSecond: 8_000, bits: 8, channels: 1 }))).toBe('')
})

test('a long noise is taken as it comes, and harms nobody', () => {
  const noise = Array.from({ length: 8_000 * 600 }, (_, at) => (Math.floor(at / 80) % 2 === 0 ? 0.9 : 0))
  expect(heard(wavFile(noise, { samplesPerSecond: 8_000, bits: 8, channels: 1 }))).toBe('?')
})
