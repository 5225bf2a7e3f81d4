/** What the service behind the gateway is told about the call: trusted headers, dropped when a caller sends them (DESIGN: gateway and service). */
import { identityOf } from '../../directory/api-key.ts'
import { kindOf } from '../../engine/kinds/kinds.ts'
import type { Reading } from '../../engine/meters/meter.ts'
import { quoteJson } from '../../contract/write/write-slot.ts'
import type { CallInProgress } from '../call/call-in-progress.ts'
import type { ApiOptions } from '../gate-options.ts'
import { shownLeaseState } from '../steps/shown-lease-state.ts'
import { grantedScopes } from '../way-in/permission.ts'

/** Every header that begins so is the gateway's own, in both directions. */
export const contextHeaderPrefix = 'tollgate-'

/** `callUrl`: where the service settles what the call holds. */
export function contextHeaders(current: CallInProgress, callUrl: string | undefined, nowMs: number): string[] {
  const { api, log, matched, lease, key } = current
  const headers = ['tollgate-request-id', log.requestId]
  if (log.trace !== undefined) headers.push(...log.trace.headers)
  if (log.principal !== undefined) {
    const { account, key: apiKey } = log.principal
    headers.push('tollgate-account', account.id, 'tollgate-plan', account.plan, 'tollgate-key', identityOf(apiKey))
    if (apiKey.userId !== undefined) headers.push('tollgate-user', apiKey.userId)
    const scopes = grantedScopes(api, log.principal)
    if (scopes.length > 0) headers.push('tollgate-scopes', scopes.join(' '))
  }
  if (log.readings.length > 0) headers.push('tollgate-usage', usageJson(api, log.readings))
  if (lease !== undefined) headers.push('tollgate-lease', shownLeaseState(lease, nowMs))
  if (callUrl !== undefined) headers.push('tollgate-call', callUrl)
  if (key !== undefined && matched?.plan.keyed !== undefined) headers.push(matched.plan.keyed.header, key)
  return headers
}

/** `{"daily":{"limit":100,"used":3,"remaining":97,"reset":"2026-11-22T00:00:00.000Z"},"credit":{"available":"12.50","held":"1.00","scale":2}}`; of a name that was read twice, the last. */
function usageJson(api: ApiOptions, readings: readonly Reading[]): string {
  let members = ''
  for (const [at, reading] of readings.entries()) {
    const { name } = reading
    const meter = Object.hasOwn(api.meters, name) ? api.meters[name]?.meter : undefined
    if (meter === undefined || readings.findLastIndex((each) => each.name === name) !== at) continue
    members += `${members === '' ? '' : ','}${quoteJson(name)}:${kindOf(meter).usageJson(meter, reading)}`
  }
  return `{${members}}`
}
