import { expect, it } from 'vitest'
import type { ContractProblem } from '../check/contract-error.ts'
import { formatSlot, parseSlot, parseTemplate, slotsOf } from './template.ts'
import { templateParserFor } from './template-parser.ts'

const parseTextTemplate = templateParserFor('text/plain')

function problemsOf(template: unknown, parse: typeof parseTextTemplate = parseTemplate): readonly string[] {
  const problems: ContractProblem[] = []
  parse(template, 'envelope.error', (problem) => problems.push(problem))
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

it('all slots of a tree are found in order', () => {
  const node = parseTemplate({ a: ['$code', { b: '$message' }], '...': '$details', c: '$$code', d: null }, '', () => {})
  expect([...slotsOf(node)].map(formatSlot)).toEqual(['$code', '$message', '$details?'])
})

it('what is no template is reported where it stands', () => {
  expect(problemsOf({ a: [{ b: '$two words' }] })).toEqual(['envelope.error.a[0].b is not a slot'])
  expect(problemsOf({ a: undefined, b: () => 1, c: Number.NaN })).toHaveLength(3)
  expect(problemsOf({ '...': '$fields' })).toEqual(['envelope.error.... cannot be spread'])
  expect(problemsOf(JSON.parse('{"__proto__": 1}'))).toEqual(['envelope.error.__proto__ cannot be the name of a member'])
  const cyclic: { [key: string]: unknown } = {}
  cyclic['self'] = cyclic
  expect(problemsOf(cyclic)).toHaveLength(1)
})

it('a text holds slots anywhere', () => {
  expect(parseTextTemplate('Error $code: $message ($$5)', '', () => {})).toEqual({
    kind: 'text',
    parts: ['Error ', { kind: 'code', policy: 'always' }, ': ', { kind: 'message', policy: 'always' }, ' ($5)'],
  })
  expect(problemsOf('$code$message', parseTextTemplate)).toHaveLength(1)
  expect(problemsOf('$details', parseTextTemplate)).toHaveLength(1)
  expect(problemsOf({ error: '$code' }, parseTextTemplate)).toHaveLength(1)
})
