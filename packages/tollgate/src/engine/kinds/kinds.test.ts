import { expect, test } from 'vitest'
import type { StateCodec } from '../meters/subject-record.ts'
import { kinds } from './kinds.ts'

test('no two codecs keep states under one name', () => {
  const byKind = new Map<string, StateCodec>()
  for (const codec of Object.values(kinds).flatMap(({ states }) => states)) {
    expect(byKind.get(codec.kind) ?? codec).toBe(codec)
    byKind.set(codec.kind, codec)
  }
  expect([...byKind.keys()].toSorted()).toEqual(['balance', 'lease', 'period', 'sliding'])
})

test('what is counted can be given back', () => {
  const counted = Object.values(kinds).filter(({ isHeld }) => !isHeld)
  expect(counted.filter(({ take }) => take.giveBack === undefined)).toEqual([])
})
