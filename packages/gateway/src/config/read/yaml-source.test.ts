import { describe, expect, it } from 'vitest'
import { formatProblem } from './config-problem.ts'
import { parseYamlSource } from './yaml-source.ts'

const read = (text: string): unknown => {
  const parsed = parseYamlSource(text)
  return parsed.ok ? parsed.value.data : parsed.problems.map(formatProblem)
}

describe('YAML that would never end', () => {
  it.each([
    ['an alias within itself', 'a: &a\n  b: *a\n', 'not valid YAML: *a stands within what it refers to, which has no end'],
    ['in a list', '&a [1, *a]', 'not valid YAML: *a stands within what it refers to, which has no end'],
    ['far below', 'a: &a { b: [{ c: { d: *a } }] }', 'not valid YAML: *a stands within what it refers to, which has no end'],
    ['by a merge key', 'a: &a\n  <<: *a\n  c: 1\n', 'not valid YAML: *a stands within what it refers to, which has no end'],
    ['as a key', '? &a { x: *a }\n: 1\n', 'not valid YAML: *a stands within what it refers to, which has no end'],
  ])('is refused with its place: %s', (_, text, message) => {
    expect(read(text)).toEqual([message])
    expect(parseYamlSource(text)).toMatchObject({ problems: [{ line: expect.any(Number), column: expect.any(Number) }] })
  })

  it.each(['[*%, *%, *%, *%, *%, *%, *%, *%, *%]', '{ <<: [*%, *%, *%, *%, *%, *%, *%, *%, *%], k: 1 }'])('is refused when aliases to aliases grow beyond bounds: %s', (form) => {
    const lines = ['a: &a { x: 1 }', ...'bcdefghi'.split('').map((name, at) => `${name}: &${name} ${form.replaceAll('%', 'abcdefghi'[at] ?? '')}`)]
    expect(read(lines.join('\n'))).toEqual([expect.stringMatching(/^not valid YAML: \*\w stands for more than 250000 values$/)])
  })

  it.each(['['.repeat(60_000), '['.repeat(60_000) + ']'.repeat(60_000), '{"a":'.repeat(60_000), Array.from({ length: 1_000 }, (_, at) => `${' '.repeat(at)}a:`).join('\n'), '- '.repeat(5_000)])(
    'is refused when it is nested too deep to be read without a crash',
    (text) => expect(read(text)).toEqual(['not valid YAML: it is nested deeper than 200 levels']),
  )
})

it('an anchor may be used as often as one likes, and again under the same name', () => {
  expect(read(`d: &d { a: 1 }\nlist: [${Array(500).fill('*d').join(', ')}]`)).toMatchObject({ list: { length: 500, 499: { a: 1 } } })
  expect(read('a: &x 1\nb: *x\nc: &x { d: *x }')).toEqual(['not valid YAML: *x stands within what it refers to, which has no end'])
  expect(read('a: &x 1\nb: *x\nc: &x 2\nd: *x')).toEqual({ a: 1, b: 1, c: 2, d: 2 })
})

it('tags make nothing else of a text than a text', () => {
  expect(read('a: !!binary aGVsbG8=\nb: !!set { x }\nc: !own 1')).toEqual({ a: 'aGVsbG8=', b: { x: null }, c: '1' })
})

it('several documents in one file are one too many', () => {
  expect(read('a: 1\n---\nb: 2\n')).toEqual(['not valid YAML: the file holds several documents; keep one'])
})
