import { expect, it } from 'vitest'
import type { ContractProblem } from '../check/contract-error.ts'
import { formatSlot, parseTextTemplate } from './slot-text.ts'
import { parseSlot } from './slot.ts'

function problemsOf(template: unknown): readonly string[] {
  const problems: ContractProblem[] = []
  parseTextTemplate(template, 'envelope.error', (problem) => problems.push(problem))
  return problems.map(({ path, problem }) => `${path} ${problem}`)
}

it('a slot names a value and what stands there when it is empty', () => {
  expect(parseSlot('$code', false)).toEqual({ kind: 'code', policy: 'always' })
  expect(parseSlot('$details?', false)).toEqual({ kind: 'details', policy: 'absent' })
  expect(parseSlot('$details.violated-policies|null', false)).toEqual({ kind: 'detail', name: 'violated-policies', policy: 'null' })
  expect(parseSlot('$type', false)).toEqual({ kind: 'attribute', name: 'type', policy: 'always' })
  for (const text of ['$', '$code!', '$two words', '$details.', '$1']) expect(parseSlot(text, false)).toBeUndefined()
})

it('a slot is written as it was read', () => {
  for (const text of ['$code', '$message?', '$details.x|null', '$type']) {
    const slot = parseSlot(text, false)
    expect(slot === undefined ? undefined : formatSlot(slot)).toBe(text)
  }
})

it('a text holds slots anywhere', () => {
  expect(parseTextTemplate('Error $code: $message ($$5)', '', () => {})).toEqual({
    kind: 'text',
    parts: ['Error ', { kind: 'code', policy: 'always' }, ': ', { kind: 'message', policy: 'always' }, ' ($5)'],
  })
  expect(problemsOf('$code$message')).toHaveLength(1)
  expect(problemsOf('$details')).toHaveLength(1)
  expect(problemsOf({ error: '$code' })).toHaveLength(1)
})
