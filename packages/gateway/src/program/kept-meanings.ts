import type { Documents } from 'tollgate/directory'
import { applyOne } from 'tollgate/stores'
import type { GatewayConfig } from '../config/gateway-config.ts'
import { meterChanges, meterMeanings, type MeterMeanings } from '../config/build/meter-changes.ts'
import type { ConfigProblem } from '../config/read/config-problem.ts'

const PLACE = { collection: 'gateway', id: 'meters' } as const

/**
 * What each meter counts is kept beside its counters, so that a changed meaning is also found at the next start. Returns what would change;
 * when nothing does, new meters are added. A meter that was taken out is remembered: its counters are still there.
 */
export async function keepMeanings(store: Documents, config: GatewayConfig): Promise<readonly ConfigProblem[]> {
  const document = await store.get(PLACE.collection, PLACE.id)
  const before = (document?.value ?? {}) as MeterMeanings
  const after = meterMeanings(config.apis)
  const changes = meterChanges(before, after)
  if (changes.length > 0) return changes
  const { written } = await applyOne(store, { kind: 'put', ...PLACE, value: { ...before, ...after }, expect: document?.version ?? 0 })
  return written ? [] : keepMeanings(store, config)
}
