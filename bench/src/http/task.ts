/**
 * The job that every contender does: a request without a good key is refused with the same envelope and a fresh request id; a request with one is
 * counted against the key's limit and passed to the upstream, and the answer carries request id and rate headers. The key is checked first.
 */
import { randomFillSync } from 'node:crypto'

export const path = '/v1/items/item_1'
export const key = 'bk_0123456789abcdefghijklmnopqrstuvwxyz'
export const authorization = `Bearer ${key}`

/** Never reached. */
export const limit = 1_000_000_000
export const windowMs = 60_000

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

export function refusal(requestId: string): object {
  return {
    success: false,
    error: { code: 'MISSING_API_KEY', message: 'API key is required', details: { header: 'authorization' } },
    meta: { request_id: requestId, timestamp: new Date().toISOString() },
  }
}
