import { expect, it } from 'vitest'
import { nearestName } from './nearest-name.ts'

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
