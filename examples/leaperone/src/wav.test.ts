import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { wavFile } from '../test/morse-wav.ts'
import { parseWav } from './wav.ts'

const samples = [0, 0.5, -0.5, 1]
const plain = { samplesPerSecond: 8_000, bits: 16, channels: 1 } as const

test.each([
  [8, 1],
  [8, 2],
  [16, 1],
  [16, 2],
] as const)('%d bits in %d channels are read alike', (bits, channels) => {
  const recording = parseWav(wavFile(samples, { samplesPerSecond: 44_100, bits, channels }))
  expect([recording?.samples, recording?.seconds]).toEqual([4, 4 / 44_100])
  expect(samples.map((_, at) => recording?.loudness(at).toFixed(1))).toEqual(['0.0', '0.5', '0.5', '1.0'])
})

test('the length is that of the sound that is there, not what the header says', () => {
  const lying = wavFile(samples, plain)
  lying.writeUInt32LE(0xff_ff_ff_ff, 40)
  lying.writeUInt32LE(1, 28)
  expect(parseWav(lying)?.samples).toBe(4)
})

test('chunks before the sound are passed over, odd ones with their padding', () => {
  const file = wavFile(samples, plain)
  const extra = Buffer.from('LIST\u0003\0\0\0abc\0', 'latin1')
  expect(parseWav(Buffer.concat([file.subarray(0, 36), extra, file.subarray(36)]))?.samples).toBe(4)
})

test.each([
  ['nothing', Buffer.alloc(0)],
  ['a header that breaks off before the sound', wavFile(samples, plain).subarray(0, 40)],
  ['too few samples a second', wavFile(samples, { ...plain, samplesPerSecond: 7_999 })],
  ['no channel', wavFile(samples, { ...plain, channels: 0 })],
])('%s is no recording', (_, file) => {
  expect(parseWav(file)).toBeUndefined()
})

test('any bytes are a recording that can be read to its end, or none', () => {
  const bytes = fc.uint8Array({ maxLength: 200 })
  const file = fc.oneof(
    bytes.map((all) => Buffer.from(all)),
    bytes.map((tail) => Buffer.concat([wavFile([], plain).subarray(0, 20), tail])),
    bytes.map((sound) => Buffer.concat([wavFile([], plain).subarray(0, 40), Buffer.from([200, 0, 0, 0]), sound])),
  )
  fc.assert(
    fc.property(file, (all) => {
      const recording = parseWav(all)
      for (let at = 0; at < (recording?.samples ?? 0); at++) expect(recording?.loudness(at)).toBeLessThanOrEqual(1)
    }),
  )
})
