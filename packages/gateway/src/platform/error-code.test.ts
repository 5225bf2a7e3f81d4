import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { codeOf } from './error-code.ts'

it('is what the system calls it', () => {
  const read = (): unknown => {
    try {
      return readFileSync('/there/is/no/such/file')
    } catch (error) {
      return error
    }
  }
  expect(codeOf(read())).toBe('ENOENT')
})

it.each([undefined, null, 'EEXIST', 7, {}, { code: 7 }, new Error('no code')])('is empty for what has none: %s', (thrown) => {
  expect(codeOf(thrown)).toBe('')
})
