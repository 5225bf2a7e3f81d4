import { expect, it } from 'vitest'
import { createFirstElement } from './first-element.ts'

const encoder = new TextEncoder()

function firstOf(text: string, size: number): unknown {
  const element = createFirstElement()
  for (let at = 0; at < text.length; at += size) {
    const found = element.push(encoder.encode(text.slice(at, at + size)))
    if (found !== undefined) return found.value
  }
  return 'nothing'
}

it.each([1, 7, 1_000])('the root is known as soon as its name has come, in pieces of %i', (size) => {
  expect(firstOf('\uFEFF<?xml version="1.0"?>\n<!-- <No> --> <s:List a="1">', size)).toEqual({ 's:List': '' })
  expect(firstOf('<Error/>', size)).toEqual({ Error: '' })
  expect(firstOf('  {"a":1}', size)).toBeUndefined()
  expect(firstOf('<Err', size)).toBe('nothing')
  expect(firstOf(`<!--${' '.repeat(3_000)}--><Error/>`, size)).toBe('nothing')
})

it('what begins without an end is looked at once more in vain, quickly', () => {
  const before = process.cpuUsage()
  for (const text of ['<!--'.repeat(20_000), '<?'.repeat(40_000), `<${'a'.repeat(60_000)}`, ' '.repeat(60_000), `${'<!---->'.repeat(10_000)}`]) firstOf(text, 1)
  expect(process.cpuUsage(before).user).toBeLessThan(5_000_000)
})
