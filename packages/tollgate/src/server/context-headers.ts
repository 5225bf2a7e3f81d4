/** What the service behind the gateway is told about the call: trusted headers, dropped when a caller sends them (DESIGN: gateway and service). */
import type { Reading } from '../admission/meter.ts'
import type { Principal } from './identify.ts'

/** Every header that begins so is the gateway's own, in both directions. */
export const contextHeaderPrefix = 'tollgate-'

export function contextHeaders(requestId: string, principal: Principal | undefined, readings: readonly Reading[]): readonly string[] {
  const headers = ['tollgate-request-id', requestId]
  if (principal !== undefined) {
    const { account, key } = principal
    headers.push('tollgate-account', account.id, 'tollgate-plan', account.plan, 'tollgate-key', key.id)
    if (key.userId !== undefined) headers.push('tollgate-user', key.userId)
    if (key.scopes.length > 0) headers.push('tollgate-scopes', key.scopes.join(' '))
  }
  if (readings.length > 0) headers.push('tollgate-usage', usageJson(readings))
  return headers
}

/** `{"daily":{"limit":100,"used":3,"remaining":97,"reset":"2026-11-22T00:00:00.000Z"}}` */
function usageJson(readings: readonly Reading[]): string {
  return JSON.stringify(
    Object.fromEntries(
      readings.map((reading) => [
        reading.name,
        { limit: reading.limit, used: reading.used, remaining: reading.remaining, reset: new Date(reading.resetAtMs).toISOString() },
      ]),
    ),
  )
}
