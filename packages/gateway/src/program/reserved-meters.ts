/** Of which meters some route reserves: what is counted of them is corrected when calls end, with the record of the call. */
import type { ApiOptions } from 'tollgate/gate'
import type { GatewayConfig } from '../config/gateway-config.ts'

export function createReservedMeters(current: () => Pick<GatewayConfig, 'apis'>): (meter: string) => boolean {
  let known: { readonly of: readonly ApiOptions[]; readonly names: ReadonlySet<string> } | undefined
  return (meter) => {
    const { apis } = current()
    if (known?.of !== apis) known = { of: apis, names: new Set(apis.flatMap(reservedOf)) }
    return known.names.has(meter)
  }
}

function reservedOf({ routes }: ApiOptions): readonly string[] {
  return routes.flatMap(({ steps }) => steps.flatMap((step) => (step.kind === 'take' ? step.take.flatMap((each) => (typeof each !== 'string' && each.reserve !== undefined ? [each.meter] : [])) : [])))
}
