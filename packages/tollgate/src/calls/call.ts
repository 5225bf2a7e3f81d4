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

export type Call = CallContext & CallActions

/** Throws on a `Tollgate-Call` that leads away from the gateway (`CallOptions.base`). */
export function callOf(headers: CallHeaders, options: CallOptions = {}): Call {
  const context = contextOf(headers)
  return { ...context, ...(context.url === undefined ? nothingHeld : callAt(context.url, options)) }
}

const unknown = async (): Promise<Missed> => ({ outcome: 'unknown', detail: 'the request came without Tollgate-Call: its route holds no money and takes no lease' })
const nothingHeld: CallActions = { charge: unknown, release: unknown, bindLease: unknown, renewLease: unknown, endLease: unknown }
