import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { drawImage } from './drawing.ts'

const palette = ['#000001', '#000002', '#000003', '#000004', '#000005']
const order = { model: 'landscape-1', prompt: 'A harbour', references: [], number: 1, size: '1024x1024', callbackUrl: null } as const

test('the same order is the same picture; another prompt, index or reference is another', () => {
  const pictures = [drawImage(order, 0, palette), drawImage({ ...order, prompt: 'A port' }, 0, palette), drawImage(order, 1, palette), drawImage({ ...order, references: ['https://example.com/a.png'] }, 0, palette)]
  expect(drawImage(order, 0, palette)).toBe(pictures[0])
  expect(new Set(pictures).size).toBe(4)
})

test('all five colours are there', () => {
  const drawn = drawImage(order, 0, palette)
  expect(palette.filter((colour) => drawn.includes(`fill="${colour}"`))).toEqual(palette)
})

test('whatever the prompt, there is no more in the picture than one title and the shapes', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (prompt) => {
      const drawn = drawImage({ ...order, prompt }, 0, palette)
      expect(drawn.match(/<[a-z]+/g)).toEqual(['<svg', '<title', '<rect', '<circle', '<path', '<path', '<path'])
      expect(drawn).toMatch(/^[\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]*$/u)
    }),
  )
})
