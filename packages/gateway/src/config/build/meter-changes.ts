/**
 * Which meters mean something else than before. Their counters in the store were kept under the old meaning, so such a change is refused: the
 * old configuration stays. A meter under a new name starts from zero and is always possible.
 */
import { defaultIpv6Prefix, type ApiOptions } from 'tollgate/gate'
import { meaningOf } from '../kinds/meter-kinds.ts'
import type { ConfigProblem } from '../read/config-problem.ts'

/** By `api.meter`: what is counted, in words. */
export interface MeterMeanings {
  readonly [meter: string]: string
}

export function meterMeanings(apis: readonly ApiOptions[]): MeterMeanings {
  return Object.fromEntries(
    apis.flatMap((api) => Object.entries(api.meters).map(([name, { meter, per, ipv6Prefix = defaultIpv6Prefix }]) => {
        const networks = ipv6Prefix === defaultIpv6Prefix ? '' : `, of IPv6 per /${ipv6Prefix}`
        return [`${api.name}.${name}`, `${meaningOf(meter)} per ${per}${networks}`]
      })),
  )
}

export function meterChanges(before: MeterMeanings, after: MeterMeanings): readonly ConfigProblem[] {
  return Object.entries(after).flatMap(([meter, meaning]) => {
    const previous = Object.hasOwn(before, meter) ? before[meter] : undefined
    if (previous === undefined || previous === meaning) return []
    const [api = '', name = ''] = meter.split('.')
    const message = `was ${previous} and would become ${meaning}; its counters would lose their meaning, so give the new meter another name`
    return [{ path: ['apis', api, 'meters', name], message }]
  })
}
