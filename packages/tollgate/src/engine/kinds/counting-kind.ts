/** What windows and quotas have in common: they count, and come to an end by themselves. */
import { countCodecs } from '../meters/counting-take.ts'
import type { Facts } from '../../contract/declare/facts.ts'
import { compact } from '../../contract/values/compact.ts'
import { subjectKey } from '../footprint.ts'
import { countFacts, countUsageJson, type MeterKind, type RefusedTake } from './meter-kind.ts'

export const countingKind = {
  states: countCodecs,
  isLimited: true,
  allowanceOf: () => undefined,
  isHeld: false,
  isDurable: () => false,
  footprint: subjectKey,
  expires: () => false,
  scaleOf: () => undefined,
  isFunded: false,
  faultOf: () => undefined,
  usageJson: (_, reading) => countUsageJson(reading),
} satisfies Partial<MeterKind>

export function countedFacts({ take, reading, retryAfterMs, isHopeless }: Pick<RefusedTake, 'take' | 'reading' | 'retryAfterMs' | 'isHopeless'>): Facts {
  return compact({
    ...countFacts(reading),
    requested: isHopeless ? take.cost : undefined,
    resetAtMs: isHopeless ? undefined : reading.resetAtMs,
    retryAfterMs,
  })
}
