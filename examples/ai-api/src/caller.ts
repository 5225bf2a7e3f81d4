/**
 * Who calls, as the gateway in front tells it in headers that callers cannot set themselves. Alone, without a gateway, everybody is one account,
 * and the service makes up its own request id.
 */
import { randomBytes } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

export interface Caller {
  readonly requestId: string
  readonly account: string
}

export function readCaller(headers: IncomingHttpHeaders): Caller {
  return {
    requestId: headers['tollgate-request-id']?.toString() ?? `req_${randomBytes(12).toString('hex')}`,
    account: headers['tollgate-account']?.toString() ?? 'default',
  }
}
