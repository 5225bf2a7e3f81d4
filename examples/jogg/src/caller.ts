/**
 * Who calls, as the gateway in front tells it in headers that callers cannot set themselves. Alone, without a gateway, nobody counts and nobody
 * pays: then there is no balance and no call to settle, and the service makes up its own request id.
 */
import { randomUUID } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { createCallApi } from './call-api.ts'
import type { CallApi } from './call-api.ts'

export interface Caller {
  readonly requestId: string
  readonly account: string
  readonly username: string
  /** Prepaid credits that are left, as a decimal string. */
  readonly available: string | null
  /** Undefined where no money is held. */
  readonly call: CallApi | undefined
}

/** Of a meter only what tells a balance from a window or a quota. */
interface Meter {
  readonly available?: string
}

export function readCaller(headers: IncomingHttpHeaders): Caller {
  const one = (name: string) => headers[name]?.toString()
  const account = one('tollgate-account') ?? 'default'
  const meters = JSON.parse(one('tollgate-usage') ?? '{}') as { readonly [meter: string]: Meter }
  const callUrl = one('tollgate-call')
  return {
    requestId: one('tollgate-request-id') ?? randomUUID(),
    account,
    username: one('tollgate-user') ?? account,
    available: Object.values(meters).find(({ available }) => available !== undefined)?.available ?? null,
    call: callUrl === undefined ? undefined : createCallApi(callUrl),
  }
}
