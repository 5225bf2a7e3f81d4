/** For tests: a small history in which all goes as it should, one order of each sort that is judged in its own way; and ways to plant a fault in it. */
import type { BalanceStatement, CallRecord, LedgerRow } from 'tollgate/engine'
import { limits, type Counted, type CountedMeter } from './counts.ts'
import type { Act, Attempt, Books, History, Order, Reply, Run } from './history.ts'
import { kindOf, scopeOf, type KindName } from './shop.ts'

type Changing<T> = T extends object ? { -readonly [field in keyof T]: Changing<T[field]> } : T

/** Everything in it may be changed. */
export interface Tale {
  readonly history: Changing<History>
  readonly books: Changing<Books>
}

const subject = 'account:rich'
export const EXPIRES_AT_MS = 90_000

export const problem = (code: string, status: number, callId: string): Reply => ({
  kind: 'answer',
  status,
  type: 'application/problem+json',
  body: JSON.stringify({ code, request_id: callId }),
  callId,
  replayed: false,
})
export const ok = (order: string, callId: string): Reply => ({ kind: 'answer', status: 200, type: 'application/json', body: JSON.stringify({ order, call: callId }), callId, replayed: false })

export function honestTale(): Tale {
  const order = (kind: KindName, seq: number, replies: readonly Reply[], body: Order['body'] = { text: 'x' }): Order => {
    const attempts = replies.map((reply, at): Attempt => ({ startMs: seq * 1_000 + at * 100, endMs: seq * 1_000 + at * 100 + 50, reply }))
    return { id: `${kind}-${seq}`, kind, account: 'rich', key: kindOf(kind).keyed ? `key ${seq}` : undefined, path: `/v1/${kind}`, body, attempts }
  }
  const orders = [
    order('plain', 1, [ok('plain-1', 'c1')]),
    order('said', 2, [{ kind: 'broken', aborted: false }, problem('idempotency.in_progress', 409, 'c2x'), ok('said-2', 'c2'), ok('said-2', 'c2')]),
    order('kept', 3, [{ kind: 'broken', aborted: false }, problem('upstream.timeout', 504, 'c3x')]),
    order('later', 4, [ok('later-4', 'c4')]),
    order('open', 5, [ok('open-5', 'c5')], { product: 'P-1', days: 2 }),
    order('stream', 6, [{ kind: 'answer', status: 200, type: 'text/event-stream', body: '"order":"stream-6"\n\ndata: [DONE]\n\n', callId: 'c6', replayed: false }]),
  ]
  const run = (kind: KindName, seq: number, more: Partial<Run> = {}): Run => {
    const of = orders.find(({ id }) => id === `${kind}-${seq}`)
    return { seq, atMs: seq * 1_000 + 20, order: `${kind}-${seq}`, kind, account: 'rich', callId: `c${seq}`, callUrl: undefined, key: of?.key, status: 200, whole: true, acts: [], ...more }
  }
  const heard = { status: 200, type: 'application/json' } as const
  const runs = [
    run('plain', 1),
    run('said', 2, { saidUnits: 20 }),
    // Of the third call the service has never heard.
    run('later', 4, { acts: [{ action: 'charge', units: 30, ...heard, body: '{"charged":"0.30"}' }] }),
    run('open', 5, { acts: [{ action: 'lease', lease: 'ses_5', expiresAtMs: EXPIRES_AT_MS, ...heard, body: '{}' }] }),
    run('stream', 6, { tokens: 600, events: 2 }),
  ]

  const rows: LedgerRow[] = []
  let [available, held] = [0, 0]
  const move = (kind: LedgerRow['kind'], units: number, more: Pick<LedgerRow, 'reason'> & Partial<LedgerRow>): void => {
    available += { grant: units, release: units, hold: -units, settle: 0, debit: -units, expire: -units, spend: 0 }[kind]
    held += { grant: 0, release: -units, hold: units, settle: -units, debit: 0, expire: 0, spend: 0 }[kind]
    rows.push({ number: rows.filter((row) => row.subject === subject).length + 1, cursor: rows.length + 1, subject, name: 'credit', scale: 2, atMs: 0, kind, units, availableUnits: available, heldUnits: held, ...more })
  }
  const calls: CallRecord[] = []
  const sell = (kind: KindName, seq: number, heldUnits: number, units: number, reason: string): void => {
    const callId = `c${seq}`
    move('hold', heldUnits, { reason: 'request', callId })
    move('settle', units, { reason, callId })
    if (heldUnits > units) move('release', heldUnits - units, { reason, callId })
    const of = orders.find(({ id }) => id === `${kind}-${seq}`)
    const claim = of?.key === undefined ? {} : { claim: { scope: scopeOf(of), fingerprint: 'f', keptUntilMs: 1e12 } }
    const ended = { atMs: 0, by: 'settlement', keptUntilMs: 1e12 } as const
    calls.push({ id: callId, accountId: 'rich', deadlineMs: 0, onExpiry: 'release', state: 'done', fence: 1, holds: [], leases: [], chargedUnits: units, createdAtMs: seq, ended, ...claim })
  }
  move('grant', 1_000, { reason: 'first', grantId: 'g1' })
  sell('plain', 1, 10, 10, 'request')
  sell('said', 2, 50, 20, 'price')
  sell('kept', 3, 77, 77, 'deadline')
  sell('later', 4, 40, 30, 'price')
  sell('open', 5, 60, 60, 'request')
  sell('stream', 6, 120, 30, 'usage')
  const balance: BalanceStatement = { subject, name: 'credit', scale: 2, availableUnits: available, heldUnits: held, grantedUnits: 1_000, chargedUnits: 227, expiredUnits: 0, grants: [] }
  const taken = [{ subject, name: 'sessions', quantity: 1 }]
  const lease = { id: 'ses_5', api: 'shop', accountId: 'rich', callId: 'c5', state: 'active', taken, expiresAtMs: EXPIRES_AT_MS, createdAtMs: 0 } as const
  const probe = { about: 'nonsense', codes: ['route.unknown'], attempt: { startMs: 0, endMs: 1, reply: problem('route.unknown', 404, 'p1') } }
  const history: History = { orders, probes: [probe], runs, troubled: false, deaths: [], grants: [{ account: 'rich', id: 'g1', units: 1_000, acknowledged: true }], errors: [] }
  const books: Books = { endedAtMs: 80_000, rows, calls, leases: [lease], alive: [{ subject, name: 'sessions', used: 1 }], balances: [balance] }
  return structuredClone({ history, books }) as Tale
}

/** The same by two gateways, with a log, and with as many counts as each limit lets pass and one more, which is refused. */
export function honestTaleOfTwo(): Tale {
  const tale = honestTale()
  for (const [at, { attempts }] of tale.history.orders.entries()) for (const { reply } of attempts) reply.gateway = gatewayOf(at)
  tale.history.deathsOf = { left: [], right: [] }
  tale.history.outages = []
  tale.history.counts = [...countsOf('burst', 100), ...countsOf('daily', 1), ...countsOf('parallel', 10)]
  const answers = tale.history.orders.flatMap(({ attempts }) => attempts.flatMap(({ reply }) => (reply.kind === 'answer' ? [reply] : [])))
  const ids = new Map([...answers.map(({ callId, status }) => [callId, status] as const), ['p1', 404] as const])
  tale.books.logged = [...ids].map(([requestId, status]) => ({ requestId, status }))
  return tale
}

const gatewayOf = (at: number): string => (at % 2 === 0 ? 'left' : 'right')

/** One each `stepMs`; the service has all of them in hand at once. */
function countsOf(meter: CountedMeter, stepMs: number): Counted[] {
  const { limit } = limits[meter]
  const admitted = Array.from({ length: limit }, (_, at): Counted => {
    const startMs = 50_000 + at * stepMs
    return { meter, gateway: gatewayOf(at), startMs, endMs: startMs + 90, outcome: 'admitted', worked: { fromMs: startMs + 5, untilMs: startMs + 80 } }
  })
  const startMs = 50_000 + limit * stepMs - stepMs + 1
  return [...admitted, { meter, gateway: 'left', startMs, endMs: startMs + 3, outcome: 'refused', worked: undefined }]
}

export const orderOf = ({ history }: Tale, id: string): Changing<Order> => the(history.orders, (order) => order.id === id)
export const runOf = ({ history }: Tale, callId: string): Changing<Run> => the(history.runs, (run) => run.callId === callId)
export const actOf = (tale: Tale, callId: string): Changing<Act> => the(runOf(tale, callId).acts, () => true)
export const rowOf = ({ books }: Tale, callId: string, kind: LedgerRow['kind'] = 'settle'): Changing<LedgerRow> => the(books.rows, (row) => row.callId === callId && row.kind === kind)
export const callOf = ({ books }: Tale, id: string): Changing<CallRecord> => the(books.calls, (call) => call.id === id)
export const lastOf = (tale: Tale, order: string): Changing<Attempt> => the(orderOf(tale, order).attempts.toReversed(), () => true)

export function the<T>(list: readonly T[], is: (item: T) => boolean = () => true): T {
  const found = list.find(is)
  if (found === undefined) throw new Error('there is no such thing in the tale')
  return found
}
