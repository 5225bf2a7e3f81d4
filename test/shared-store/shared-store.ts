/**
 * A store whose truth lies elsewhere and is shared with other writers, out of exported names alone: it loads what the footprints of a group name, decides over that,
 * and writes what has changed, if nothing of what it read has changed meanwhile; otherwise once more. It is a sketch: it scans where a database has an index.
 */
import type { Document, DocumentCommand } from 'tollgate/directory'
import {
  assertStateCommand,
  assertTakes,
  callDueMs,
  decideBatch,
  footprintOf,
  grantsFootprint,
  leaseDueMs,
  loadView,
  peekStage,
  readBalance,
  recordDueMs,
  stageFootprint,
  StoreUnavailableError,
  type CallRecord,
  type FootprintKey,
  type LedgerRow,
  type StateCommand,
} from 'tollgate/engine'
import { matchesRequest, newestFirst, toRequestColumns, type RequestRow } from 'tollgate/journal'
import type { Command, Result, ResultOf, Store } from 'tollgate/stores'
import { ConnectionLost, type Remote } from './remote.ts'
import { createTransaction, scanCalls, scanLeases, scanRecords, type Transaction } from './transaction.ts'

interface Batch {
  readonly commands: readonly Command[]
  resolve(results: readonly Result[]): void
  reject(error: unknown): void
}

const GROUP_MAX = 500

export interface SharedStoreOptions {
  /** For the test of the tests: no footprint names these. */
  readonly forgets?: FootprintKey['of'] | undefined
}

export function createSharedStore(remote: Remote, { forgets }: SharedStoreOptions = {}): Store {
  const queue: Batch[] = []
  let working: Promise<void> | undefined
  let isClosed = false
  let highWaterMs = 0

  const finder = (transaction: Transaction) => (wanted: readonly FootprintKey[]) => transaction.find(wanted.filter(({ of }) => of !== forgets))

  async function work(): Promise<void> {
    while (queue.length > 0) {
      const group = queue.splice(0, GROUP_MAX)
      try {
        while (!(await tryGroup(group)));
      } catch (error) {
        const failure = error instanceof ConnectionLost ? new StoreUnavailableError(`the connection broke: ${error.message}`, { applied: 'unknown' }) : error
        for (const batch of group) batch.reject(failure)
      }
    }
    // In the same turn in which the queue was empty, or what comes in between would wait for ever.
    working = undefined
  }

  /** False: another writer was faster, and all is decided anew. */
  async function tryGroup(group: readonly Batch[]): Promise<boolean> {
    const transaction = createTransaction(remote)
    const commands = group.flatMap((batch) => batch.commands)
    const view = await loadView(commands.filter(isState).flatMap(footprintOf), finder(transaction))
    await transaction.read(['clock', ...commands.filter(isDocument).map(documentKey)])
    const nowMs = transaction.nowMs()
    const answers = group.map(({ commands: own, resolve, reject }) => {
      try {
        const decided = decideBatch(view, own.filter(isState), nowMs).values()
        const results = own.map((command) => (isState(command) ? (decided.next().value ?? {}) : write(transaction, command)))
        return async () => resolve(await Promise.all(results.map((result, at) => (own[at]?.kind === 'sweep' ? withNextDue(result as ResultOf['sweep']) : result))))
      } catch (error) {
        return () => reject(error)
      }
    })
    transaction.putAll(view.changed)
    // Also where nothing is written: an error is true only of what still stands.
    if (!(await transaction.commit())) return false
    if (commands.some(isState)) highWaterMs = Math.max(highWaterMs, nowMs)
    for (const answer of answers) void answer()
    return true
  }

  async function withNextDue(result: ResultOf['sweep']): Promise<ResultOf['sweep']> {
    const [calls, leases, records] = [await scanCalls(remote), await scanLeases(remote), await scanRecords(remote)]
    const dueMs = [...calls.map(callDueMs), ...leases.map(leaseDueMs), ...records.map(({ record }) => recordDueMs(record))]
    const nextDueMs = Math.min(result.nextDueMs ?? Infinity, ...dueMs.map((each) => each ?? Infinity))
    return nextDueMs === Infinity ? result : { ...result, nextDueMs }
  }

  function assertOpen(): void {
    if (isClosed) throw new StoreUnavailableError('the store is closed')
  }

  return {
    apply(commands) {
      return new Promise((resolve, reject) => {
        assertOpen()
        for (const command of commands) {
          if (isState(command)) assertStateCommand(command)
          else if (command.kind === 'put' && JSON.stringify(command.value) === undefined) throw new TypeError('not JSON')
        }
        queue.push({ commands, resolve, reject })
        working ??= work()
      })
    },
    async peek(takes) {
      assertOpen()
      assertTakes(takes)
      const transaction = createTransaction(remote)
      const view = await loadView(stageFootprint(takes), finder(transaction))
      await transaction.read(['clock'])
      return peekStage(view, takes, transaction.nowMs())
    },
    async balance(subject, name, allowance) {
      assertOpen()
      const transaction = createTransaction(remote)
      const view = await loadView([{ of: 'subject', subject }], finder(transaction))
      await loadView(grantsFootprint(view, subject, name), finder(transaction), view)
      return readBalance(view, subject, name, transaction.nowMs(), allowance)
    },
    async call(id) {
      assertOpen()
      return (await loadView([{ of: 'call', id }], finder(createTransaction(remote)))).call(id)
    },
    async lease(api, id) {
      assertOpen()
      return (await loadView([{ of: 'lease', api, id }], finder(createTransaction(remote)))).lease(api, id)
    },
    async calls({ accountId, state, keyed, beforeMs = Infinity, before, limit }) {
      const isAsked = (call: CallRecord): boolean =>
        (accountId === undefined || call.accountId === accountId) && (state === undefined || call.state === state) && (keyed === undefined || (call.claim !== undefined) === keyed) && call.createdAtMs < beforeMs
      return (await scanCalls(remote)).filter((call) => isAsked(call) && isPast(call, before)).toSorted(compareNewest).slice(0, limit)
    },
    async leases({ accountId, api, state, before, limit }) {
      return (await scanLeases(remote))
        .filter((lease) => lease.accountId === accountId && (api === undefined || lease.api === api) && (state === undefined || lease.state === state) && isPast(lease, before))
        .toSorted(compareNewest)
        .slice(0, limit)
    },
    async ledger({ subject, name, callId, after = 0, before = Infinity, order = 'oldest', limit }) {
      const rows = (await remote.entries('ledger')).map(({ number, text }): LedgerRow => ({ ...(JSON.parse(text) as LedgerRow), cursor: number }))
      const found = rows.filter((row) => (subject === undefined || row.subject === subject) && (name === undefined || row.name === name) && (callId === undefined || row.callId === callId) && row.cursor > after && row.cursor < before)
      return (order === 'oldest' ? found : found.toReversed()).slice(0, limit)
    },
    async get(collection, id) {
      assertOpen()
      const { cells } = await remote.read([`document/${collection}/${id}`])
      return toDocument(collection, id, cells[0]?.text)
    },
    async list(collection, { parent, after, limit }) {
      const prefix = `document/${collection}/`
      return (await remote.scan(prefix))
        .flatMap(({ key, text }) => toDocument(collection, key.slice(prefix.length), text) ?? [])
        .filter((document) => (parent === undefined || document.parent === parent) && (after === undefined || compareIds(document.id, after) > 0))
        .toSorted((a, b) => compareIds(a.id, b.id))
        .slice(0, limit)
    },
    async parents(collection, { after, limit }) {
      const prefix = `document/${collection}/`
      const all = (await remote.scan(prefix)).flatMap(({ key, text }) => toDocument(collection, key.slice(prefix.length), text)?.parent ?? [])
      return [...new Set(all)].filter((parent) => after === undefined || compareIds(parent, after) > 0).toSorted(compareIds).slice(0, limit)
    },
    async changes(after, limit) {
      const feed = await remote.entries('feed')
      const page = after === undefined ? [] : feed.slice(after, after + limit)
      return { changes: page.map(({ text }) => JSON.parse(text) as { collection: string; id: string }), cursor: (after ?? feed.length) + page.length, complete: true }
    },
    async request(requestId) {
      const { cells } = await remote.read([`request/${requestId}`])
      return cells[0]?.text === undefined ? undefined : (JSON.parse(cells[0].text) as RequestRow)
    },
    async requests(query) {
      const rows = newestFirst((await remote.scan('request/')).map(({ text }) => JSON.parse(text) as RequestRow))
      const from = query.before === undefined ? 0 : rows.findIndex(({ requestId }) => requestId === query.before?.requestId) + 1
      return rows.slice(from).filter((row) => matchesRequest(toRequestColumns(row), query)).slice(0, query.limit)
    },
    async pruneRequests(beforeMs, limit) {
      const old = (await remote.scan('request/')).filter(({ text }) => (JSON.parse(text) as RequestRow).atMs < beforeMs).slice(0, limit)
      await remote.commit({ read: new Map(), write: new Map(old.map(({ key }) => [key, undefined])), append: [], atMs: 0 })
      return old.length
    },
    highWaterMs: () => highWaterMs,
    async close() {
      isClosed = true
      await working
    },
  }
}

const isState = (command: Command): command is StateCommand => command.kind !== 'put' && command.kind !== 'delete' && command.kind !== 'log'
const isDocument = (command: Command): command is DocumentCommand => command.kind === 'put' || command.kind === 'delete'
const documentKey = ({ collection, id }: { readonly collection: string; readonly id: string }): string => `document/${collection}/${id}`

function toDocument(collection: string, id: string, text: string | undefined): Document | undefined {
  return text === undefined ? undefined : { collection, id, ...(JSON.parse(text) as Pick<Document, 'parent' | 'value' | 'version'>) }
}

/** What needs no decision but its own. */
function write(transaction: Transaction, command: Exclude<Command, StateCommand>): Result {
  if (command.kind === 'log') {
    transaction.put(`request/${command.row.requestId}`, JSON.stringify(command.row))
    return {}
  }
  const { collection, id } = command
  const current = toDocument(collection, id, transaction.textOf(documentKey(command)))
  if (command.kind === 'put') {
    const { value, parent, expect = current?.version ?? 0 } = command
    if (expect !== (current?.version ?? 0)) return { written: false, document: current }
    transaction.put(documentKey(command), JSON.stringify({ parent, value, version: expect + 1 }))
  } else {
    if (current === undefined) return { deleted: false }
    transaction.put(documentKey(command), undefined)
  }
  transaction.append('feed', JSON.stringify({ collection, id }))
  return command.kind === 'delete' ? { deleted: true } : { written: true, document: toDocument(collection, id, transaction.textOf(documentKey(command))) }
}

interface Dated {
  readonly createdAtMs: number
  readonly id: string
  readonly api?: string
}

/** As databases compare UTF-8. */
function compareIds(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}

function compareNewest(a: Dated, b: Dated): number {
  return b.createdAtMs - a.createdAtMs || compareIds(b.id, a.id) || compareIds(b.api ?? '', a.api ?? '')
}

function isPast(thing: Dated, before: Dated | undefined): boolean {
  return before === undefined || compareNewest(thing, before) > 0
}
