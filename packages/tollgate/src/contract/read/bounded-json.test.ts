import { expect, it } from 'vitest'
import { BODY_BYTES_MAX, BODY_DEPTH_MAX, parseBoundedJson, toBoundedText } from './bounded-json.ts'

it('bytes are UTF-8 or nothing', () => {
  expect(toBoundedText(new TextEncoder().encode('é'))).toBe('é')
  expect(toBoundedText(Uint8Array.of(0xc3, 0x28))).toBeUndefined()
})

it('a byte order mark is taken off', () => {
  expect(toBoundedText('\uFEFF{}')).toBe('{}')
  expect(toBoundedText(Uint8Array.of(0xef, 0xbb, 0xbf, 0x7b, 0x7d))).toBe('{}')
})

it('a body of more than a mebibyte is nothing', () => {
  expect(toBoundedText('x'.repeat(BODY_BYTES_MAX))).toHaveLength(BODY_BYTES_MAX)
  expect(toBoundedText('x'.repeat(BODY_BYTES_MAX + 1))).toBeUndefined()
  expect(toBoundedText(new Uint8Array(BODY_BYTES_MAX + 1))).toBeUndefined()
})

it('depth is bounded, and brackets in strings are not depth', () => {
  expect(parseBoundedJson('['.repeat(BODY_DEPTH_MAX) + ']'.repeat(BODY_DEPTH_MAX))).toBeDefined()
  expect(parseBoundedJson('['.repeat(BODY_DEPTH_MAX + 1) + ']'.repeat(BODY_DEPTH_MAX + 1))).toBeUndefined()
  const text = `"\\${'['.repeat(1000)}`
  expect(parseBoundedJson(JSON.stringify([text]))).toEqual([text])
})

it('what is not JSON is undefined', () => {
  for (const text of ['', '{', 'undefined', '<html>', "{'a':1}"]) expect(parseBoundedJson(text)).toBeUndefined()
})
