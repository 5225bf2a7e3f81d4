import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { wavHead } from '../test/wav.ts'
import { wavSeconds } from './wav.ts'

test('the length is that of the sound, in started seconds', () => {
  expect([wavSeconds(wavHead(1)), wavSeconds(wavHead(59.2)), wavSeconds(wavHead(600))]).toEqual([1, 60, 600])
})

test('chunks before the sound are passed over, odd ones with their padding', () => {
  expect([wavSeconds(wavHead(7, { extraChunk: 4096 })), wavSeconds(wavHead(7, { extraChunk: 33 }))]).toEqual([7, 7])
})

test.each([
  ['nothing', Buffer.alloc(0)],
  ['an MP3', Buffer.from('ID3\u0004 and so on, far from any sound')],
  ['a header that breaks off before the sound', wavHead(7).subarray(0, 40)],
  ['a chunk that ends behind the part that was read', wavHead(7, { extraChunk: 4096 }).subarray(0, 1000)],
  ['a recorder that did not know the length', wavHead(7, { dataBytes: 0xff_ff_ff_ff })],
  ['no sound at all', wavHead(7, { dataBytes: 0 })],
])('%s has no length', (_, head) => {
  expect(wavSeconds(head)).toBeUndefined()
})

test('any bytes are a length of at least a second or none', () => {
  const bytes = fc.oneof(fc.uint8Array({ maxLength: 200 }).map((tail) => Buffer.concat([Buffer.from('RIFF____WAVEfmt '), tail])), fc.uint8Array().map((all) => Buffer.from(all)))
  fc.assert(
    fc.property(bytes, (head) => {
      expect(wavSeconds(head) ?? 1).toBeGreaterThanOrEqual(1)
    }),
  )
})
