/** What is sold: a route for each way to pay, with how it is to end. */
import { createHash } from 'node:crypto'
import type { GatewayConfigInput } from '@tollgate/gateway'
import type { Order } from './history.ts'

/** How long a call may hold what it takes. Longer than any call takes that is not lost. */
export const HOLD_MS = 3_000
/** So long after its deadline at the latest the sweeper has given back what nobody asked for meanwhile (`PAUSE_MOST_MS` of `sweeping.ts`, and its work). */
export const SWEPT_MS = 6_000
/** The service answers within this, or its outcome is unknown. */
export const ANSWER_MS = 400

export const ADMIN_TOKEN = 'a-token-for-this-test-only'

export const accounts = {
  rich: { key: 'sk_a_key_of_the_rich_account', units: 10_000_000 },
  poor: { key: 'sk_a_key_of_the_poor_account', units: 300 },
} as const
export type AccountName = keyof typeof accounts

/** `later`: the service says it through the call API. */
export type Pricing = 'held' | 'said' | 'usage' | 'later' | 'free'

export interface Kind {
  readonly on: string
  readonly keyed: boolean
  readonly pricing: Pricing
  readonly onExpiry: 'release' | 'charge'
  /** Its upstream is declared to know a key again. */
  readonly repeatable: boolean
  /** The service gives the same key the same answer. */
  readonly remembers: boolean
  /** In cents. */
  readonly heldUnits: (body: Fields) => number
}

type Fields = { readonly [field: string]: unknown }

/** `columns`: in decimals, as the table says them. */
export const products = {
  'P-1': { price: '0.30', renew_price: '0.20', stock: 5 },
  'P-2': { price: '0.90', renew_price: '0.60', stock: null },
} as const

const cents = (text: string): number => Math.round(Number(text) * 100)
const product = ({ product: id }: Fields): (typeof products)['P-1'] | (typeof products)['P-2'] => (id === 'P-1' ? products['P-1'] : products['P-2'])

const base = { keyed: true, onExpiry: 'release', repeatable: false, remembers: false } as const
const fixed = (units: number) => (): number => units

/** What is charged at a deadline has a price of its own, so that a ledger row tells whose it is even if nothing else has lived. */
export const kinds = {
  plain: { ...base, on: 'POST /v1/plain', keyed: false, pricing: 'held', heldUnits: fixed(10) },
  slot: { ...base, on: 'POST /v1/slot', keyed: false, pricing: 'held', heldUnits: fixed(1) },
  words: { ...base, on: 'POST /v1/words', pricing: 'held', heldUnits: ({ text }) => 2 * Math.ceil(String(text).length / 10) },
  said: { ...base, on: 'POST /v1/said', pricing: 'said', heldUnits: fixed(50) },
  usage: { ...base, on: 'POST /v1/usage', keyed: false, pricing: 'usage', heldUnits: fixed(100) },
  stream: { ...base, on: 'POST /v1/stream', pricing: 'usage', heldUnits: fixed(120) },
  kept: { ...base, on: 'POST /v1/kept', pricing: 'said', onExpiry: 'charge', heldUnits: fixed(77) },
  again: { ...base, on: 'POST /v1/again', pricing: 'said', repeatable: true, remembers: true, heldUnits: fixed(25) },
  againKept: { ...base, on: 'POST /v1/again-kept', pricing: 'held', onExpiry: 'charge', repeatable: true, remembers: true, heldUnits: fixed(79) },
  later: { ...base, on: 'POST /v1/later', pricing: 'later', remembers: true, heldUnits: fixed(40) },
  laterKept: { ...base, on: 'POST /v1/later-kept', pricing: 'later', onExpiry: 'charge', remembers: true, heldUnits: fixed(83) },
  againLater: { ...base, on: 'POST /v1/again-later', pricing: 'later', repeatable: true, remembers: true, heldUnits: fixed(45) },
  open: { ...base, on: 'POST /v1/sessions', pricing: 'held', remembers: true, heldUnits: (body) => cents(product(body).price) * Number(body['days']) },
  renew: { ...base, on: 'POST /v1/sessions/{id}/renew', pricing: 'held', remembers: true, heldUnits: (body) => cents(product(body).renew_price) * Number(body['days']) },
  close: { ...base, on: 'DELETE /v1/sessions/{id}', keyed: false, pricing: 'free', heldUnits: fixed(0) },
  look: { ...base, on: 'GET /v1/balance', keyed: false, pricing: 'free', heldUnits: fixed(0) },
} as const satisfies { readonly [name: string]: Kind }

export type KindName = keyof typeof kinds
export const kindOf = (name: KindName): Kind => kinds[name]
export const kindNames = Object.keys(kinds) as readonly KindName[]
export const isKindName = (name: string): name is KindName => Object.hasOwn(kinds, name)

/** As a call's record names the key that it has claimed. */
export function scopeOf({ kind, account, path, key = '' }: Order): string {
  const [method] = kindOf(kind).on.split(' ')
  return createHash('sha256').update(['shop', account, method, `/shop${path}`, key].join('\n')).digest('hex')
}

/** What usage costs: half a unit of money for a thousand tokens, a cent for an event of a stream that ended before it said any. */
export const usageUnits = (tokens: number): number => Math.ceil((50 * tokens) / 1_000)
const usage = { per: 1_000, amounts: { 'usage.tokens': '0.50' } }

type Steps = NonNullable<GatewayConfigInput['apis'][string]['routes'][number]['steps']>
type Price = string | { readonly column: string; readonly times: { field: string }[] } | { readonly amount: string; readonly times: { length: string; per: number }[] }

const credit = (price: Price) => ({ meter: 'credit', price })
const days = { times: [{ field: 'days' }] }

const stepsOf: { readonly [name in KindName]: Steps } = {
  plain: [paid('plain', ['requests', credit('0.10')])],
  slot: [paid('slot', ['slots', credit('0.01')])],
  words: [
    { take: ['requests'] },
    { idempotency: {} },
    { validate: { type: 'object', required: ['text'], properties: { text: { type: 'string', maxLength: 100 } } } },
    paid('words', [credit({ amount: '0.02', times: [{ length: 'text', per: 10 }] })]),
  ],
  // What comes after the hold may still refuse: so the dispatch is a commit of its own.
  said: [{ idempotency: { fingerprint: 'json' } }, paid('said', ['requests', credit('0.50')]), { blockWords: { field: 'text' } }],
  usage: [paid('usage', [{ ...credit('1.00'), usage }])],
  stream: [{ idempotency: {} }, paid('stream', [{ ...credit('1.20'), usage: { ...usage, perEvent: '0.01' } }])],
  kept: [{ idempotency: {} }, paid('kept', [credit('0.77')]), { blockWords: { field: 'text' } }],
  again: [{ idempotency: {} }, paid('again', [credit('0.25')])],
  againKept: [{ idempotency: {} }, paid('againKept', [credit('0.79')])],
  later: [{ idempotency: {} }, paid('later', [credit('0.40')])],
  laterKept: [{ idempotency: {} }, paid('laterKept', [credit('0.83')])],
  againLater: [{ idempotency: {} }, paid('againLater', [credit('0.45')])],
  open: [
    { idempotency: {} },
    { lookup: { table: 'products', resource: 'product', field: 'product' } },
    paid('open', ['sessions', { meter: 'stock', limit: { column: 'stock' } }, credit({ column: 'price', ...days })]),
  ],
  renew: [
    { idempotency: {} },
    { lease: { param: 'id' } },
    { lookup: { table: 'products', resource: 'product', leased: 'stock' } },
    paid('renew', [credit({ column: 'renew_price', ...days })]),
  ],
  close: [{ lease: { param: 'id' } }],
  look: [{ read: ['credit', 'sessions', 'slots'] }],
}

function paid(name: KindName, take: NonNullable<Steps[number]['take']>): Steps[number] {
  return { take, hold: { for: `${HOLD_MS}ms`, onExpiry: kindOf(name).onExpiry } }
}

export interface Ports {
  readonly front: number
  readonly admin: number
  readonly calls: number
  readonly service: number
}

/** For one program after the other on one file. */
export function shopConfig(file: string, ports: Ports): GatewayConfigInput {
  const service = `http://127.0.0.1:${ports.service}`
  return {
    listen: { port: ports.front },
    admin: { port: ports.admin, token: ADMIN_TOKEN },
    calls: { port: ports.calls },
    store: { sqlite: file },
    upstreams: { shop: service, again: { url: service, idempotent: true } },
    apis: {
      shop: {
        mount: '/shop',
        contract: 'problem',
        upstream: 'shop',
        credentials: { from: [{ header: 'x-api-key' }], prefix: 'sk_' },
        timeouts: { connect: '1s', headers: `${ANSWER_MS}ms`, idle: `${ANSWER_MS}ms` },
        tables: { products: { rows: products } },
        meters: {
          requests: { window: '1s', per: 'account' },
          slots: { lease: 'slot', per: 'key', limit: 2 },
          sessions: { lease: 'session', per: 'account', limit: 6 },
          stock: { lease: 'stock', per: 'resource' },
          credit: { balance: { scale: 2 }, per: 'account' },
        },
        plans: { rich: { requests: 1_000_000 }, poor: { requests: 25 } },
        routes: kindNames.map((name) => ({ on: kindOf(name).on, steps: stepsOf[name], ...(kindOf(name).repeatable && { upstream: 'again' }) })),
      },
    },
  }
}
