import { expect, it } from 'vitest'
import { parseTemplate } from './parse-template.ts'
import { formatSlot } from './slot-text.ts'
import { slotsOf } from './template.ts'

it('all slots of a tree are found in order', () => {
  const node = parseTemplate({ a: ['$code', { b: '$message' }], '...': '$details', c: '$$code', d: null }, '', () => {})
  expect([...slotsOf(node)].map(formatSlot)).toEqual(['$code', '$message', '$details?'])
})
