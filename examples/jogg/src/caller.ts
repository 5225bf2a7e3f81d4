/**
 * Who calls, as the gateway in front tells it in headers that callers cannot set themselves. Alone, without a gateway, nobody counts and nobody
 * pays: then there is no balance and no call to settle, and the service makes up its own request id.
 */
import { randomUUID } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { callOf } from 'tollgate/service'

export interface Caller {
  readonly requestId: string
  readonly account: string
  readonly username: string
  /** Prepaid credits that are left, as a decimal string. */
  readonly available: string | null
  /** Where the held credits are settled. Undefined where none are held. */
  readonly callUrl: string | undefined
}

/** Throws on a call address that leads away from the gateway. */
export function readCaller(headers: IncomingHttpHeaders): Caller {
  const { requestId = randomUUID(), account = 'default', user = account, balance, url } = callOf(headers)
  return { requestId, account, username: user, available: balance?.available ?? null, callUrl: url }
}
