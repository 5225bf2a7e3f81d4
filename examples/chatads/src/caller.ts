/**
 * Who calls, as the gateway in front tells it in headers that callers cannot set themselves. Alone, without a gateway, nobody counts:
 * then there is no usage and the service makes up its own request id.
 */
import { randomUUID } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

interface Meter {
  readonly limit: number
  readonly used: number
  readonly remaining: number
}

export interface Caller {
  readonly requestId: string
  readonly account: string
  readonly plan: string
  readonly usage: { readonly [meter: string]: Meter }
}

export interface Usage {
  readonly monthly_requests: number
  readonly daily_requests: number
  readonly daily_limit: number
  readonly is_free_tier: boolean
  readonly free_tier_limit: number | null
  readonly free_tier_remaining: number | null
}

export function readCaller(headers: IncomingHttpHeaders): Caller {
  const one = (name: string) => headers[name]?.toString()
  return {
    requestId: one('tollgate-request-id') ?? randomUUID(),
    account: one('tollgate-account') ?? 'default',
    plan: one('tollgate-plan') ?? 'free',
    usage: JSON.parse(one('tollgate-usage') ?? '{}') as Caller['usage'],
  }
}

/** `meta.usage` of an answer; null where nobody counts. */
export function toUsage({ plan, usage: { daily, monthly } }: Caller): Usage | null {
  if (daily === undefined || monthly === undefined) return null
  const free = plan === 'free'
  return {
    monthly_requests: monthly.used,
    daily_requests: daily.used,
    daily_limit: daily.limit,
    is_free_tier: free,
    free_tier_limit: free ? monthly.limit : null,
    free_tier_remaining: free ? monthly.remaining : null,
  }
}
