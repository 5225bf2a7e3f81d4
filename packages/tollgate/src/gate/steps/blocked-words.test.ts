import { expect, it } from 'vitest'
import { findBlockedWord } from './blocked-words.ts'

it.each([
  ['Best CASINO bonus', ['casino']],
  ['casino', ['casino']],
  ['get free  money, now', ['free money']],
  ['E MAIL me', ['e-mail']],
  ['Лучшее КАЗИНО', ['казино']],
  ['ｃａｓｉｎｏ', ['casino']],
  ['cas\u200bino', ['casino']],
  ['cas\u0000ino', ['casino']],
  ['càsíno', ['casino']],
  ['free\nmoney', ['free money']],
])('%j holds one of %j', (text, blocked) => {
  expect(findBlockedWord(text, blocked)).toBe(blocked[0])
})

it.each([
  ['casinos', ['casino']],
  ['occasional', ['casino']],
  ['freemoney', ['free money']],
  ['anything', ['']],
  ['anything', ['!!!']],
  ['anything', []],
])('%j holds none of %j: whole words only', (text, blocked) => {
  expect(findBlockedWord(text, blocked)).toBeUndefined()
})
