/** What is done on a database of each size, by the same calls on every engine. */
import { createDirectory } from 'tollgate/directory'
import type { Clock } from 'tollgate/engine'
import { applyOne, type Store } from 'tollgate/stores'
import { accountId, API, secretOf, sha256Hex, type Size } from '../../size/fill.ts'
import { createTaking } from '../../work/meters.ts'
import { createVisits } from '../../work/work.ts'

export interface Operation {
  /** In one turn of the rounds. */
  readonly times: number
  /** Under way at once. */
  readonly atOnce: number
  run(): Promise<void>
}

export interface OperationsOptions extends Size {
  readonly store: Store
  readonly clock: Clock
  /** Of the n-th call or row of the log, of so many. */
  readonly idOf: (at: number, of: number) => string
  readonly instantOf: (at: number, of: number) => number
}

const TIMES = 200

export function createOperations({ store, clock, accounts, keys, rows, idOf, instantOf }: OperationsOptions): { readonly [what: string]: Operation } {
  const [visit, visitKey, visitRow] = [createVisits(accounts), createVisits(keys), createVisits(rows)]
  const takesOf = createTaking()
  const cold = createDirectory({ store, clock, sha256Hex, cacheMax: 2 })
  const subject = (): string => `account:${accountId(visit())}`
  const begun = Date.now().toString(36)
  let ids = 0
  const nextId = (): string => `${begun}.${(ids += 1)}`
  const each = (run: () => unknown, { times = TIMES, atOnce = 1 } = {}): Operation => ({ times, atOnce, run: async () => must(await run()) })

  async function paid(): Promise<boolean> {
    const of = subject()
    const results = await store.apply([
      { kind: 'admit', takes: takesOf(of), durable: true },
      { kind: 'debit', subject: of, name: 'credit', scale: 2, debitId: nextId(), units: 5, reason: 'bench' },
    ])
    const [admission, debit] = results as readonly [{ readonly admitted: boolean }, { readonly debited: boolean }]
    return admission.admitted && debit.debited
  }

  return {
    'count four meters': each(async () => (await applyOne(store, { kind: 'admit', takes: takesOf(subject()) })).admitted),
    'count four meters, 64 at once': each(async () => (await applyOne(store, { kind: 'admit', takes: takesOf(subject()) })).admitted, { times: 4 * TIMES, atOnce: 64 }),
    'four meters and a debit': each(paid),
    'four meters and a debit, 64 at once': each(paid, { times: 4 * TIMES, atOnce: 64 }),
    'a call with a new idempotency key': each(async () => {
      const id = nextId()
      await applyOne(store, { kind: 'claim', claim: { scope: id, fingerprint: 'f', keptMs: 86_400_000 }, call: { id, accountId: accountId(visit()), holdMs: 60_000, onExpiry: 'release' } })
      await applyOne(store, { kind: 'dispatch', callId: id })
      return (await applyOne(store, { kind: 'settle', callId: id, outcome: 'done', answer: { status: 200, headers: [], body: '{}', encoding: 'utf8' }, reason: 'bench' })).settled
    }, { times: TIMES / 4 }),
    'the answer of a known key': each(async () => (await store.call(idOf(visitKey(), keys)))?.claim),
    'a key and its account': each(async () => (await cold.findKey(API, secretOf(visit())))?.key),
    'log a request': each(() =>
      store.apply([{ kind: 'log', row: { requestId: nextId(), atMs: Date.now(), durationMs: 1, method: 'GET', path: '/x', remoteAddress: '', api: API, accountId: accountId(visit()), status: 200, meters: [], upstream: [], timings: {}, bytesIn: 0, bytesOut: 0 } }]),
    ),
    'a row of the log by its id': each(() => store.request(idOf(visitRow(), rows))),
    'a page of the log of an account': each(async () => (await store.requests({ accountId: accountId(visit()), limit: 20 })).length > 0, { times: TIMES / 4 }),
    'a page of the log before an instant': each(async () => (await store.requests({ beforeMs: instantOf(visitRow(), rows) + 1, limit: 20 })).length > 0, { times: TIMES / 4 }),
    'a page of accounts': each(async () => (await cold.listAccounts({ after: accountId(visit()), limit: 20 })).length >= 0, { times: TIMES / 4 }),
  }
}

function must(value: unknown): void {
  if (value === undefined || value === false) throw new Error('what was to be found was not')
}
