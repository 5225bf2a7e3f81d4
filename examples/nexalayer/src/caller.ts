/**
 * Who calls, as the gateway in front tells it in headers that callers cannot set themselves. Alone, without a gateway, nobody counts and nobody
 * pays: then there is no usage and no call to settle, and the service makes up its own request id.
 */
import { randomUUID } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { createCallApi } from './call-api.ts'
import type { CallApi } from './call-api.ts'

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
  readonly call: CallApi | undefined
  readonly idempotencyKey: string | undefined
}

export function readCaller(headers: IncomingHttpHeaders): Caller {
  const one = (name: string) => headers[name]?.toString()
  const callUrl = one('tollgate-call')
  const usage = JSON.parse(one('tollgate-usage') ?? '{}') as { readonly balance?: Balance }
  return {
    requestId: one('tollgate-request-id') ?? `req_${randomUUID().replaceAll('-', '')}`,
    account: one('tollgate-account') ?? 'default',
    user: one('tollgate-user') ?? null,
    key: one('tollgate-key') ?? null,
    plan: one('tollgate-plan') ?? 'free',
    scopes: one('tollgate-scopes')?.split(' ') ?? [],
    balance: usage.balance ?? null,
    call: callUrl === undefined ? undefined : createCallApi(callUrl),
    idempotencyKey: one('idempotency-key'),
  }
}
