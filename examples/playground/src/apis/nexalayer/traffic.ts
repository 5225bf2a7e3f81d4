/** An ordinary day of NexaLayer: agents that look around, buy, and end what they bought, and each way to be refused. */
import type { TrafficItem } from '../../api.ts'
import { buyAddresses, buyTraffic, get } from './requests.ts'
import { nexalayerKeys } from './samples.ts'

const { valid, readOnly } = nexalayerKeys

export const nexalayerTraffic: readonly TrafficItem[] = [
  { kind: 'request', weight: 20, request: get(readOnly, '/products') },
  { kind: 'request', weight: 12, request: get(readOnly, '/billing/balance') },
  { kind: 'request', weight: 6, request: get(valid, '/account') },
  ...['DE', 'FR', 'JP', 'BR'].map((country) => ({ kind: 'request' as const, weight: 4, request: buyTraffic(valid, { product_no: 'DYN-DC-01', traffic_gb: 2, country }) })),
  { kind: 'request', weight: 3, request: buyAddresses(valid, { quantity: 1 }) },
  ...['terminate', 'token-used', 'token-refreshed', 'replayed'].map((recipe) => ({ kind: 'recipe' as const, weight: 4, recipe })),
  ...['renew', 'rotate', 'failed', 'recharge', 'used-up-session'].map((recipe) => ({ kind: 'recipe' as const, weight: 1, recipe })),
  ...[
    'missing-key', 'unknown-key', 'revoked-key', 'expired-key', 'unsigned-token', 'wrong-secret', 'expired-token', 'read-only-key', 'not-in-plan', 'rate-limit', 'disabled-account',
    'unknown-session', 'foreign-session', 'terminated-session', 'unknown-product', 'retired-product', 'out-of-stock', 'malformed-json', 'missing-field', 'foreign-field',
    'renew-dynamic', 'unknown-path', 'wrong-method', 'other-payload', 'still-running', 'backend-fails', 'backend-refuses', 'backend-silent', 'mistyped-product',
  ].map((recipe) => ({ kind: 'recipe' as const, weight: 1, recipe })),
  ...['beyond-balance', 'session-limit'].map((recipe) => ({ kind: 'recipe' as const, weight: 2, recipe })),
]
