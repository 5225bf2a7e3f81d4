import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { utf8Length } from './utf8-length.ts'

it('is what the encoder writes, whatever the text', () => {
  fc.assert(fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.array(fc.nat(0xffff)).map((units) => String.fromCharCode(...units))), (text) => void expect(utf8Length(text)).toBe(new TextEncoder().encode(text).length)))
})
