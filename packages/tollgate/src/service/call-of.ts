/**
 * One call as its service sees it: who calls, what they have left, and what the service may do with the money and the leases that the gateway holds
 * for it.
 *
 *     const call = callOf(request.headers)
 *     await call.bindLease(job.id, null)      // answered: 202, Tollgate-Price: later
 *     await call.charge('0.25')               // minutes later
 */
import type { Missed } from './ask.ts'
import { callAt, type CallActions } from './call-actions.ts'
import { contextOf, type CallContext, type CallHeaders } from './call-context.ts'
import type { CallOptions } from './call-options.ts'

/** Who calls, and what may be done with what the gateway holds for the call. */
export type Call = CallContext & CallActions

/**
 * The call at hand, out of the headers that the gateway adds. Callers cannot set them. Throws on a `Tollgate-Call` that leads away from the gateway
 * (`CallOptions.base`).
 *
 * @example
 * const call = callOf(request.headers)
 * if (call.balance !== undefined && call.balance.available === '0.00') console.log(`${call.account} has nothing left`)
 * const settled = await call.charge('0.25')
 * if (settled.outcome === 'unreachable') console.log('nobody knows what the gateway heard: ask again later')
 */
export function callOf(headers: CallHeaders, options: CallOptions = {}): Call {
  const context = contextOf(headers)
  return { ...context, ...(context.url === undefined ? nothingHeld : callAt(context.url, options)) }
}

const unknown = async (): Promise<Missed> => ({ outcome: 'unknown', detail: 'the request came without Tollgate-Call: its route holds no money and takes no lease' })
const nothingHeld: CallActions = { charge: unknown, release: unknown, bindLease: unknown, renewLease: unknown, endLease: unknown }
