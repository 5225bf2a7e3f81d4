/**
 * Who calls, as the gateway in front tells it in headers that callers cannot set themselves. Alone, without a gateway, nobody counts and nobody
 * pays: then there is no balance and no call to settle.
 */
import type { IncomingHttpHeaders } from 'node:http'
import { callOf } from 'tollgate/service'
import type { MoneyUsage } from 'tollgate/service'

export interface Caller {
  readonly account: string
  /** Prepaid credits. */
  readonly balance: MoneyUsage | undefined
  /** Where the held credits are settled. Undefined where none are held. */
  readonly callUrl: string | undefined
}

/** Throws on a call address that leads away from the gateway. */
export function readCaller(headers: IncomingHttpHeaders): Caller {
  const { account = 'default', balance, url } = callOf(headers)
  return { account, balance, callUrl: url }
}
