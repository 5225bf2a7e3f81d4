import type { RequestRow } from 'tollgate/journal'
import type { Store } from 'tollgate/stores'
import { createMemoryStore } from 'tollgate/stores/memory'
import { createManualClock } from 'tollgate/testing'
import { expect, it } from 'vitest'
import { observeRequests } from './observed-store.ts'

it('a store of two engines is heard through what is made of it, too', async () => {
  const memory = createMemoryStore({ clock: createManualClock(0) })
  const composite: Store = { ...memory, overEngines: ({ store }) => store(memory) }
  const heard: string[] = []
  const observed = observeRequests(composite, ({ requestId }) => heard.push(requestId))
  const over = observed.overEngines?.({ counters: (counters) => counters, store: (store) => store })
  const row = { requestId: 'req_1' } as RequestRow
  await observed.apply([{ kind: 'log', row }])
  await over?.apply([{ kind: 'log', row: { ...row, requestId: 'req_2' } }])
  expect(heard).toEqual(['req_1', 'req_2'])
})
