import { Registry } from 'prom-client'
import type { CallRecord, LedgerEntry, MovementKind } from 'tollgate/engine'
import { expect, it } from 'vitest'
import { createMoneyMetrics } from './money-metrics.ts'

const balance = { subject: 'account:a', name: 'credit', scale: 2 }
const open = (id: string, units: number): CallRecord => ({ id, accountId: 'a', state: 'dispatched', createdAtMs: 1, holds: [{ ...balance, units }] }) as unknown as CallRecord
const row = (kind: MovementKind, callId: string, units: number): LedgerEntry => ({ ...balance, kind, callId, units }) as unknown as LedgerEntry

function world() {
  const registry = new Registry()
  const metrics = createMoneyMetrics(registry, () => Promise.resolve('api'))
  const held = async (): Promise<number | undefined> => {
    const { values } = (await registry.getMetricsAsJSON()).find(({ name }) => name === 'tollgate_money_held') ?? { values: [] }
    return values[0]?.value
  }
  return { metrics, held }
}

it('what open calls held at the start is counted while calls go on, each once, whatever moves meanwhile', async () => {
  const { metrics, held } = world()
  metrics.moved([row('hold', 'begun before', 700)])
  const counting = metrics.countHeld({
    async calls({ state }) {
      if (state !== 'dispatched') return []
      // One ended, one begun, and one that took more, since the start: the page is read after that.
      metrics.moved([row('settle', 'ended before it was read', 300), row('release', 'ended before it was read', 100), row('hold', 'begun since', 50), row('hold', 'took more', 5)])
      metrics.moved([row('hold', 'begun and ended', 9), row('release', 'begun and ended', 9)])
      const page = [open('begun before', 700), open('begun since', 50), open('took more', 25), open('as it was', 1_000)]
      await Promise.resolve()
      return page
    },
  }, () => false)
  await counting
  metrics.moved([row('hold', 'later', 2), row('release', 'as it was', 1_000)])
  await new Promise((resolve) => void setImmediate(resolve))
  expect(await held()).toBeCloseTo((700 + 50 + 25 + 2) / 100)
})

it('counts no further once nobody asks', async () => {
  const { metrics, held } = world()
  let pages = 0
  await metrics.countHeld({ calls: async () => ((pages += 1), [open(`call ${pages}`, 100)]) }, () => pages > 0)
  expect([pages, await held()]).toEqual([1, undefined])
})
