import { expect, it } from 'vitest'
import { toFields } from './found-slots.ts'

it('fields are lists of text, however they came', () => {
  expect(toFields({ title: ["can't be blank", 5], email: 'is bad', '': [] })).toEqual({ title: ["can't be blank"], email: ['is bad'], '': [] })
  expect(toFields({})).toBeUndefined()
  expect(toFields(JSON.parse('{"__proto__":["x"]}'))).toBeUndefined()
  expect(toFields('text')).toBeUndefined()
})
