import { expect, it } from 'vitest'
import { nearestName, slipOf } from './nearest-name.ts'

const names = ['timestamp', 'string', 'strings', 'integer']

it('a typing slip finds the name that was meant', () => {
  expect(nearestName('timestmp', names)).toBe('timestamp')
  expect(nearestName('Integer', names)).toBe('integer')
  expect(nearestName('nmae', ['name', 'title'])).toBe('name')
})

it('nothing is suggested when nothing is near', () => {
  expect(nearestName('colour', names)).toBeUndefined()
  expect(nearestName('', names)).toBeUndefined()
})

it('a name of a megabyte costs nothing', () => {
  expect(nearestName('x'.repeat(1_000_000), names)).toBeUndefined()
})

it('a slip of a known name is told from a name of its own', () => {
  const known = ['limit', 'used', 'rule', 'state', 'period', 'resource', 'resetAtMs', 'field', 'fields']
  for (const [slip, meant] of [['limt', 'limit'], ['perod', 'period'], ['sate', 'state'], ['restAtMs', 'resetAtMs'], ['reset_at_ms', 'resetAtMs'], ['Limit', 'limit']] as const) {
    expect(slipOf(slip, known)).toBe(meant)
  }
  for (const own of ['limit', 'fields', 'user', 'role', 'source', 'amount', 'x', '', 'x'.repeat(1_000_000)]) expect(slipOf(own, known)).toBeUndefined()
})
