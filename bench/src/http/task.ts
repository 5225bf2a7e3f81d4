/**
 * The job that every contender does: a request without a good key is refused with the same envelope and a fresh request id; a request with one is
 * counted against the key's limit and passed to the upstream, and the answer carries request id and rate headers. The key is checked first.
 */
import { randomFillSync } from 'node:crypto'

export const paths = {
  item: '/v1/items/item_1',
  large: '/v1/large/item_1',
  /** Takes a body. */
  creation: '/v1/items',
  /** Where tollgate takes money, and the others pass it through. */
  paid: '/v1/paid/item_1',
  /** Where tollgate counts in four meters. */
  metered: '/v1/metered/item_1',
  events: '/v1/events/item_1',
  /** The same stream, priced by what its events say. */
  pricedEvents: '/v1/events/priced/item_1',
} as const

export const key = 'bk_0123456789abcdefghijklmnopqrstuvwxyz'
export const authorization = `Bearer ${key}`

/** Never reached. */
export const limit = 1_000_000_000
export const windowMs = 60_000

/** More than any benchmark opens. */
export const CONNECTIONS_MAX = 19_000

const pool = Buffer.alloc(16 * 256)
let at = pool.length

/** As the contract mints it: `req_` and 128 random bits in hex. */
export function mintRequestId(): string {
  if (at === pool.length) {
    randomFillSync(pool)
    at = 0
  }
  at += 16
  return `req_${pool.toString('hex', at - 16, at)}`
}

export const challenge = 'Bearer realm="ai-api"'

function envelope(requestId: string, timestamp: string): object {
  return {
    success: false,
    error: { code: 'MISSING_API_KEY', message: 'API key is required', details: { header: 'authorization' } },
    meta: { request_id: requestId, timestamp },
  }
}

export function refusal(requestId: string): object {
  return envelope(requestId, new Date().toISOString())
}

/** For configurations, with their words for a fresh id and the time of day. */
export function refusalText(requestId: string, timestamp: string): string {
  return JSON.stringify(envelope('ID', 'TIME')).replace('ID', requestId).replace('TIME', timestamp)
}
