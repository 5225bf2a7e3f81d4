import { describe, expect, test } from 'vitest'
import type { RequestRow } from '../admission/request-row.ts'
import { storeConformanceCases } from '../testing/store-conformance.ts'
import { createMemoryStore } from './memory.ts'

const row = (requestId: string, atMs: number): RequestRow => ({ requestId, atMs }) as RequestRow

describe('a memory store', () => {
  for (const { name, run } of storeConformanceCases) test(name, () => expect(run({ create: () => createMemoryStore() })).resolves.toBeUndefined())

  test('keeps no more log rows than it may, the newest', async () => {
    const store = createMemoryStore({ requestsMax: 2 })
    await store.apply([1, 2, 3].map((number) => ({ kind: 'log', row: row(`r${number}`, number) }) as const))
    expect((await store.requests({ limit: 9 })).map(({ requestId }) => requestId)).toEqual(['r3', 'r2'])
  })
})
