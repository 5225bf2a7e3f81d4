/** What a status alone says, where the body says nothing that can be read. */
import type { Facts } from '../../contract/declare/facts.ts'
import type { ServerReason } from '../../contract/declare/reason.ts'
import { refuse, type Refusal } from '../../contract/declare/refusal.ts'

/** By which an upstream refuses whoever asks it: not the caller, whom it does not know, but the gateway. */
export const refusesGateway: ReadonlySet<number> = new Set([401, 402, 403, 429])

/** Undefined for the statuses by which an upstream refuses the gateway itself. */
export function refusalOfStatus(status: number, facts: Facts): Refusal | undefined {
  const callers = callerReasons.get(status)
  if (callers !== undefined) return refuse(callers, facts, { cause: `the service answered ${status}` })
  if (refusesGateway.has(status)) return undefined
  return refuse(upstreamReasons.get(status) ?? 'upstream.failed', facts, { source: 'upstream', cause: `the upstream answered ${status}` })
}

const callerReasons = new Map<number, ServerReason>([
  [400, 'request.invalid'],
  [404, 'resource.not_found'],
  [409, 'resource.conflict'],
  [410, 'resource.gone'],
  [413, 'request.too_large'],
  [415, 'request.unsupported_media'],
  [422, 'request.invalid'],
])

const upstreamReasons = new Map<number, ServerReason>([
  [503, 'upstream.unavailable'],
  [504, 'upstream.timeout'],
])
