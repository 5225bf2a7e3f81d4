import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { promptTokens, tokenize } from './tokens.ts'

test('the tokens of a text are the text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(tokenize(text).join('')).toBe(text)
    }),
  )
})

test('words are cut after six letters, and every other character stands alone', () => {
  expect(tokenize('The harbour, 2026  ok')).toEqual(['The', ' harbou', 'r', ',', ' 2026', ' ', ' ok'])
})

test('a message costs four more than its content, and the answer three', () => {
  expect(promptTokens(['one two', ''])).toBe(3 + 4 + 2 + 4)
})
