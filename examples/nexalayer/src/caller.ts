/**
 * Who calls, as the gateway in front tells it in headers that callers cannot set themselves. Alone, without a gateway, nobody counts and nobody
 * pays: then there is no usage and no call to settle, and the service makes up its own request id.
 */
import { randomUUID } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { callOf } from 'tollgate/service'
import type { CallActions } from 'tollgate/service'

/** Prepaid money, in decimal strings. */
export interface Balance {
  readonly available: string
  readonly held: string
}

export interface Caller {
  readonly requestId: string
  readonly account: string
  readonly user: string | null
  readonly key: string | null
  readonly plan: string
  readonly scopes: readonly string[]
  readonly balance: Balance | null
  /** Undefined where no money is held and no lease touched. */
  readonly call: CallActions | undefined
  readonly idempotencyKey: string | undefined
}

/** Throws on a call address that leads away from the gateway. */
export function readCaller(headers: IncomingHttpHeaders): Caller {
  // Asked once: whoever uses it repeats its whole step.
  const call = callOf(headers, { delaysMs: [] })
  return {
    requestId: call.requestId ?? `req_${randomUUID().replaceAll('-', '')}`,
    account: call.account ?? 'default',
    user: call.user ?? null,
    key: call.key ?? null,
    plan: call.plan ?? 'free',
    scopes: call.scopes,
    balance: call.balance === undefined ? null : { available: call.balance.available, held: call.balance.held },
    call: call.url === undefined ? undefined : call,
    idempotencyKey: call.idempotencyKey,
  }
}
