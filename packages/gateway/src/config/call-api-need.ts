/** Whether services have anything to settle: the listener for it is opened only then. */
import type { ApiOptions, RouteOptions } from 'tollgate/server'
import type { GatewayConfig } from './gateway-config.ts'

/** Some route takes money, a session or stock, or is about a lease. */
export function needsCallApi({ apis }: Pick<GatewayConfig, 'apis'>): boolean {
  return apis.some((api) => api.routes.some((route) => hasAfterlife(api, route)))
}

function hasAfterlife(api: ApiOptions, { steps }: RouteOptions): boolean {
  return steps.some((step) => 'lease' in step || ('take' in step && step.take.some((take) => outlivesItsAnswer(api, typeof take === 'string' ? take : take.meter))))
}

function outlivesItsAnswer({ meters }: ApiOptions, name: string): boolean {
  const meter = Object.hasOwn(meters, name) ? meters[name]?.meter : undefined
  return meter?.kind === 'balance' || (meter?.kind === 'lease' && meter.of !== 'slot')
}
