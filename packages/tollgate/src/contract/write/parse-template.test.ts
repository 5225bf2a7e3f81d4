import { expect, it } from 'vitest'
import type { ContractProblem } from '../check/contract-error.ts'
import { parseTemplate } from './parse-template.ts'

function problemsOf(template: unknown): readonly string[] {
  const problems: ContractProblem[] = []
  parseTemplate(template, 'envelope.error', (problem) => problems.push(problem))
  return problems.map(({ path, problem }) => `${path} ${problem}`)
}

it('what is no template is reported where it stands', () => {
  expect(problemsOf({ a: [{ b: '$two words' }] })).toEqual(['envelope.error.a[0].b is not a slot'])
  expect(problemsOf({ a: undefined, b: () => 1, c: Number.NaN })).toHaveLength(3)
  expect(problemsOf({ '...': '$fields' })).toEqual(['envelope.error.... cannot be spread'])
  expect(problemsOf(JSON.parse('{"__proto__": 1}'))).toEqual(['envelope.error.__proto__ cannot be the name of a member'])
  const cyclic: { [key: string]: unknown } = {}
  cyclic['self'] = cyclic
  expect(problemsOf(cyclic)).toHaveLength(1)
})
