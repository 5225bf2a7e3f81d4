import { describe, expect, test } from 'vitest'
import type { RequestRow } from '../../journal/request-row.ts'
import { createManualClock } from '../../testing/manual-clock.ts'
import { storeConformanceCases } from '../../testing/store-conformance.ts'
import { createMemoryStore } from './memory.ts'

const clock = createManualClock(0)
const row = (requestId: string, atMs: number): RequestRow => ({ requestId, atMs }) as RequestRow

describe('a memory store', () => {
  for (const { name, run } of storeConformanceCases) test(name, () => expect(run({ create: (each) => createMemoryStore({ clock: each }) })).resolves.toBeUndefined())

  test('keeps no more log rows than it may, the newest', async () => {
    const store = createMemoryStore({ clock, requestsMax: 2 })
    await store.apply([1, 2, 3].map((number) => ({ kind: 'log', row: row(`r${number}`, number) }) as const))
    expect((await store.requests({ limit: 9 })).map(({ requestId }) => requestId)).toEqual(['r3', 'r2'])
  })

  test('a row that is logged again is kept as the newest, and not dropped for its first writing', async () => {
    const store = createMemoryStore({ clock, requestsMax: 3 })
    for (const [at, id] of ['r1', 'r2', 'r1', 'r3', 'r4'].entries()) await store.apply([{ kind: 'log', row: row(id, at) }])
    expect((await store.requests({ limit: 9 })).map(({ requestId }) => requestId)).toEqual(['r4', 'r3', 'r1'])
  })
})
