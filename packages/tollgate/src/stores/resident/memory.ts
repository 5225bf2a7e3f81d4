/**
 * Everything in memory, gone with the process: for tests, for a try, for limits that may start afresh. It decides with the same functions as
 * every store and differs in nothing else.
 */
import type { Clock } from '../../engine/clock.ts'
import type { RequestRow } from '../../journal/request-row.ts'
import type { LedgerEntry } from '../../engine/money/ledger.ts'
import { decideCommand } from '../../engine/decide-command.ts'
import type { StateCommand } from '../../engine/decision.ts'
import { peekStage, readBalance } from '../../engine/read-state.ts'
import { assertTakes } from '../../engine/meters/stage.ts'
import { StoreUnavailableError } from '../../engine/store-error.ts'
import type { DeleteCommand, Document, PutCommand } from '../../directory/documents.ts'
import type { Command, Result, ResultOf, Store } from '../store.ts'
import { assertCommand } from './assert-command.ts'
import { createDocumentChanges } from './document-changes.ts'
import { createMemoryState } from './memory-state.ts'
import { compareIds } from './page-order.ts'
import { matchesRequest, newestFirst, toRequestColumns } from '../../journal/request-match.ts'
import { withNextDue } from './sweep-result.ts'
import { toJsonText } from '../../engine/assert-value.ts'
import type { StoreObserver } from './store-observer.ts'

/** What a store in memory keeps, and who is told of what moves. */
export interface MemoryStoreOptions {
  readonly clock: Pick<Clock, 'wallMs'>
  /** Log rows kept; the oldest go first. Default 10,000. */
  readonly requestsMax?: number
  readonly observer?: Pick<StoreObserver, 'moved'> | undefined
}

interface StoredDocument {
  readonly parent?: string
  readonly text: string
  readonly version: number
}

/** Subjects looked at for expired counters with each command: more than one, so that the round gains on new subjects. */
const PRUNE_STEP = 2

/**
 * A store that is gone with its process: nothing of it is durable, whatever a command asks. Otherwise it decides as every store does.
 *
 * @example
 * const store = createMemoryStore({ clock })
 * await store.apply([{ kind: 'put', collection: 'notes', id: 'n1', value: { text: 'hello' } }])
 * await store.close()
 */
export function createMemoryStore({ clock, requestsMax = 10_000, observer }: MemoryStoreOptions): Store {
  const state = createMemoryState()
  const collections = new Map<string, Map<string, StoredDocument>>()
  const documentChanges = createDocumentChanges()
  const rows = new Map<string, RequestRow>()
  /** The same in a ring, by which the oldest is found at once: a map walks over all that was deleted at its front. */
  const ring: RequestRow[] = []
  let ringAt = 0
  let highWaterMs = 0
  let closed = false

  function documentOf(collection: string, id: string): Document | undefined {
    const stored = collections.get(collection)?.get(id)
    return stored === undefined ? undefined : toDocument(collection, id, stored)
  }

  function put({ collection, id, parent, value, expect }: PutCommand): ResultOf['put'] {
    const current = documentOf(collection, id)
    const version = current?.version ?? 0
    if (expect !== undefined && expect !== version) return { written: false, document: current }
    const stored: StoredDocument = { text: toJsonText(value, `${collection} ${id}`), version: version + 1, ...(parent === undefined ? {} : { parent }) }
    const documents = collections.get(collection) ?? new Map<string, StoredDocument>()
    collections.set(collection, documents.set(id, stored))
    documentChanges.note({ collection, id })
    return { written: true, document: toDocument(collection, id, stored) }
  }

  function log(row: RequestRow): void {
    rows.delete(row.requestId)
    rows.set(row.requestId, row)
    const oldest = ring[ringAt]
    if (oldest !== undefined && rows.get(oldest.requestId) === oldest) rows.delete(oldest.requestId)
    ring[ringAt] = row
    ringAt = (ringAt + 1) % Math.max(1, requestsMax)
  }

  /** Time never goes back within a store. */
  function passTime(): number {
    highWaterMs = nowOrLater()
    return highWaterMs
  }

  const nowOrLater = (): number => Math.max(highWaterMs, clock.wallMs())

  function run(command: Command, undos: (() => void)[], moved: LedgerEntry[]): Result {
    switch (command.kind) {
      case 'put':
        return put(command)
      case 'delete':
        return { deleted: removeDocument(command) }
      case 'log':
        log(command.row)
        return {}
      default:
        return decide(command, undos, moved)
    }
  }

  function decide(command: StateCommand, undos: (() => void)[], moved: LedgerEntry[]): Result {
    const nowMs = passTime()
    state.slots.freeOverdue(nowMs)
    const { result, changes } = decideCommand(state.view, command, nowMs)
    undos.push(state.apply(changes, nowMs))
    moved.push(...changes.ledger)
    state.prune(command.kind === 'sweep' ? command.limit : PRUNE_STEP, nowMs)
    return withNextDue(result, command, state.nextDueMs)
  }

  function removeDocument({ collection, id }: DeleteCommand): boolean {
    const deleted = collections.get(collection)?.delete(id) ?? false
    if (deleted) documentChanges.note({ collection, id })
    return deleted
  }

  function assertOpen(): void {
    if (closed) throw new StoreUnavailableError('the store is closed')
  }

  return {
    async apply(commands) {
      assertOpen()
      commands.forEach(assertCommand)
      const undos: (() => void)[] = []
      const moved: LedgerEntry[] = []
      try {
        const results = commands.map((command) => run(command, undos, moved))
        observer?.moved(moved)
        return results
      } catch (error) {
        for (const undo of undos.toReversed()) undo()
        throw error
      }
    },
    async get(collection, id) {
      assertOpen()
      return documentOf(collection, id)
    },
    async list(collection, { parent, after, limit }) {
      assertOpen()
      return [...(collections.get(collection) ?? [])]
        .filter(([id, stored]) => (parent === undefined || stored.parent === parent) && (after === undefined || compareIds(id, after) > 0))
        .toSorted(([a], [b]) => compareIds(a, b))
        .slice(0, limit)
        .map(([id, stored]) => toDocument(collection, id, stored))
    },
    async changes(after, limit) {
      assertOpen()
      return documentChanges.read(after, limit)
    },
    async peek(takes) {
      assertOpen()
      assertTakes(takes)
      return peekStage(state.view, takes, nowOrLater())
    },
    async request(requestId) {
      assertOpen()
      return rows.get(requestId)
    },
    async requests(query) {
      assertOpen()
      const { before, limit } = query
      const ordered = newestFirst([...rows.values()])
      const at = before === undefined ? -1 : ordered.findIndex(({ requestId }) => requestId === before.requestId)
      const isPast = (row: RequestRow, place: number): boolean => before === undefined || (at === -1 ? row.atMs < before.atMs : place > at)
      return ordered.filter((row, place) => isPast(row, place) && matchesRequest(toRequestColumns(row), query)).slice(0, limit)
    },
    async pruneRequests(beforeMs, limit) {
      assertOpen()
      const old = [...rows.values()].filter((row) => row.atMs < beforeMs).slice(0, limit)
      for (const row of old) rows.delete(row.requestId)
      return old.length
    },
    async call(id) {
      assertOpen()
      return state.view.call(id)
    },
    async calls(query) {
      assertOpen()
      return state.calls(query)
    },
    async lease(api, id) {
      assertOpen()
      return state.view.lease(api, id)
    },
    async leases(query) {
      assertOpen()
      return state.leases(query)
    },
    async ledger(query) {
      assertOpen()
      return state.ledger(query)
    },
    async balance(subject, name) {
      assertOpen()
      return readBalance(state.view, subject, name, nowOrLater())
    },
    highWaterMs: () => highWaterMs,
    async close() {
      closed = true
    },
  }
}

function toDocument(collection: string, id: string, { text, ...stored }: StoredDocument): Document {
  return { collection, id, ...stored, value: JSON.parse(text) }
}
