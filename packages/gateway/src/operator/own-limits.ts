/** Limits that an account or a key has of its own, against the meters of its API. */
import { kindOf } from 'tollgate/engine'
import { suggestion } from '../config/read/suggestion.ts'
import type { AdminGateway } from './admin-gateway.ts'
import { invalid, type Refused } from './reply.ts'

/** The first limit that could not hold; undefined when all can. */
export function faultOfLimits(apiName: string, limits: { readonly [meter: string]: number } | undefined, { config }: Pick<AdminGateway, 'config'>): Refused | undefined {
  const meters = config().apis.find(({ name }) => name === apiName)?.meters ?? {}
  for (const name of Object.keys(limits ?? {})) {
    const meter = Object.hasOwn(meters, name) ? meters[name]?.meter : undefined
    if (meter === undefined) return invalid(`limits.${name}`, `no meter of ${apiName} is called "${name}"${suggestion(name, Object.keys(meters))}`)
    if (!kindOf(meter).isLimited) return invalid(`limits.${name}`, `"${name}" is a balance: only what is in it limits it; grant credits instead`)
    if (kindOf(meter).scaleOf(meter) !== undefined) return invalid(`limits.${name}`, `"${name}" counts money: its limit stands in the configuration, with the meter or in the plans`)
  }
  return undefined
}
