import { expect, it } from 'vitest'
import { compileMessage, parseMessage, withoutFigures } from './message.ts'

function say(message: string | readonly string[], figures: { readonly [name: string]: unknown }): string {
  return compileMessage(message, 'Described.')((name) => (Object.hasOwn(figures, name) ? figures[name] : undefined))
}

it('figures are put in their places', () => {
  expect(say("You've used {used} of {limit} requests for today.", { used: 120, limit: 100 })).toBe("You've used 120 of 100 requests for today.")
  expect(say('Allowed: {allow}; strict: {strict}', { allow: ['GET', 'HEAD'], strict: false })).toBe('Allowed: GET, HEAD; strict: false')
})

it('amounts have two decimals or more', () => {
  expect(say('{a:money} {b:money} {c:money}', { a: { units: 50, scale: 0 }, b: 50.5, c: { units: 5, scale: 3 } })).toBe('50.00 50.50 0.005')
})

it('the first alternative whose figures are all known is sent', () => {
  const messages = ['{field} {issue}', '{issue}', 'Invalid.']
  expect(say(messages, { field: 'size', issue: 'is required' })).toBe('size is required')
  expect(say(messages, { issue: 'is required' })).toBe('is required')
  expect(say(messages, { field: 'size' })).toBe('Invalid.')
})

it('a figure that is missing against its promise takes its sentence with it', () => {
  expect(say('Insufficient balance. Current balance: {balance:money}; required: {required:money}', { balance: 50 })).toBe('Insufficient balance.')
  expect(withoutFigures('{used} of {limit}', 'Described.')).toBe('Described.')
})

it('what has no short form counts as unknown', () => {
  for (const value of [undefined, null, '', Number.NaN, Infinity, {}, [], [{}], { units: 'x', scale: 2 }]) expect(say(['{x}', 'plain'], { x: value })).toBe('plain')
})

it('a brace is written twice', () => {
  expect(say('{{"a": {x}}}', { x: 1 })).toBe('{"a": 1}')
})

it('values are not templates', () => {
  expect(say('{x}', { x: '{y} $code' })).toBe('{y} $code')
})

it('mistakes are reported', () => {
  const problems: string[] = []
  for (const text of ['{ x }', '{x', 'x}', '{x:mony}', '{}']) parseMessage(text, ({ problem }) => problems.push(problem))
  expect(problems).toEqual(['is not a placeholder', 'is not a placeholder', 'is not a placeholder', 'has an unknown format', 'is not a placeholder'])
})
