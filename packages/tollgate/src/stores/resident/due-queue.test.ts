import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { createDueQueue } from './due-queue.ts'

test('what is due comes in order, once each, and only while it is true', () => {
  const step = fc.record({ id: fc.constantFrom('a', 'b', 'c', 'd', 'e'), dueMs: fc.option(fc.nat(9), { nil: undefined }), askMs: fc.nat(9), limit: fc.integer({ min: 1, max: 6 }) })
  fc.assert(fc.property(fc.array(step), (steps) => {
    const truth = new Map<string, number>()
    const queue = createDueQueue((id) => truth.get(id))
    for (const { id, dueMs, askMs, limit } of steps) {
      truth.delete(id)
      if (dueMs !== undefined) {
        truth.set(id, dueMs)
        queue.push(id, dueMs)
      }
      const due = queue.due(askMs, limit)
      const times = due.map((each) => truth.get(each) ?? Infinity)
      expect(times).toEqual([...truth.values()].filter((each) => each <= askMs).toSorted((a, b) => a - b).slice(0, limit))
      expect(new Set(due).size).toBe(due.length)
      expect(queue.earliestMs()).toBe(Math.min(Infinity, ...truth.values()))
    }
  }))
})

test('what settles or moves long before it is due does not pile up', () => {
  const truth = new Map<string, number>()
  const queue = createDueQueue((id) => truth.get(id))
  for (let at = 0; at < 100_000; at += 1) {
    const id = at % 3 === 0 ? 'renewed' : `call ${at}`
    truth.set(id, 1_000_000 + at)
    queue.push(id, 1_000_000 + at)
    if (at % 3 === 1) truth.delete(id)
    if (at > 600) truth.delete(`call ${at - 600}`)
    expect(queue.size()).toBeLessThanOrEqual(1_001)
  }
  expect(queue.due(2_000_000, 1_000)).toEqual([...truth].toSorted(([, a], [, b]) => a - b).map(([id]) => id))
})
