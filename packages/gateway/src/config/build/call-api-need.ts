import { hasAfterlife } from 'tollgate/gate'
import type { GatewayConfig } from '../gateway-config.ts'

/** Whether services have anything to settle: the listener for it is opened only then. */
export function needsCallApi({ apis }: Pick<GatewayConfig, 'apis'>): boolean {
  return apis.some((api) => api.routes.some((route) => hasAfterlife(api, route)))
}
