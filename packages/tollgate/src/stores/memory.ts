/**
 * Everything in memory, gone with the process: for tests, for a try, for limits that may start afresh. It decides with the same functions as
 * every store and differs in nothing else.
 */
import type { RequestRow } from '../admission/request-row.ts'
import { assertTakes, decideStage, giveBack, readStage, type ChangedRecord } from '../admission/stage.ts'
import { StoreUnavailableError } from '../admission/store-error.ts'
import type { Command, DeleteCommand, Document, PutCommand, Result, ResultOf, Store } from '../admission/store.ts'
import { emptyRecord, pruneRecord, type SubjectRecord } from '../admission/subject-record.ts'
import { assertCommand } from './assert-command.ts'
import { matchesRequest, newestFirst, toRequestColumns } from './request-match.ts'
import { toJsonText } from './stored-json.ts'

export interface MemoryStoreOptions {
  /** Log rows kept; the oldest go first. Default 10,000. */
  readonly requestsMax?: number
}

interface StoredDocument {
  readonly parent?: string
  readonly text: string
  readonly version: number
}

/** Subjects looked at for expired counters with each change: more than one, so that the round gains on new subjects. */
const SWEEP_STEP = 2

export function createMemoryStore({ requestsMax = 10_000 }: MemoryStoreOptions = {}): Store {
  const records = new Map<string, SubjectRecord>()
  const collections = new Map<string, Map<string, StoredDocument>>()
  const rows = new Map<string, RequestRow>()
  let sweep = records.entries()
  let highWaterMs = 0
  let closed = false

  const recordOf = (subject: string): SubjectRecord => records.get(subject) ?? emptyRecord

  function putRecords(changed: readonly ChangedRecord[]): void {
    for (const { subject, record } of changed) records.set(subject, record)
    for (let step = 0; step < SWEEP_STEP; step += 1) sweepOne()
  }

  function sweepOne(): void {
    const next = sweep.next()
    if (next.done === true) {
      sweep = records.entries()
      return
    }
    const [subject, record] = next.value
    const pruned = pruneRecord(record, highWaterMs)
    if (pruned.length === 0) records.delete(subject)
    else if (pruned !== record) records.set(subject, pruned)
  }

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
    return { written: true, document: toDocument(collection, id, stored) }
  }

  function log(row: RequestRow): void {
    rows.delete(row.requestId)
    rows.set(row.requestId, row)
    const [oldest] = rows.size > requestsMax ? rows.keys() : []
    if (oldest !== undefined) rows.delete(oldest)
  }

  /** Time never goes back within a store. */
  function passTime(nowMs: number): number {
    highWaterMs = Math.max(highWaterMs, nowMs)
    return highWaterMs
  }

  function run(command: Command): Result {
    switch (command.kind) {
      case 'admit': {
        const { decision, changed } = decideStage(recordOf, command.takes, passTime(command.nowMs))
        putRecords(changed)
        return decision
      }
      case 'uncount': {
        const { readings, changed } = giveBack(recordOf, command.receipts, passTime(command.nowMs))
        putRecords(changed)
        return { readings }
      }
      case 'put':
        return put(command)
      case 'delete':
        return { deleted: removeDocument(command) }
      case 'log':
        log(command.row)
        return {}
    }
  }

  function removeDocument({ collection, id }: DeleteCommand): boolean {
    return collections.get(collection)?.delete(id) ?? false
  }

  function assertOpen(): void {
    if (closed) throw new StoreUnavailableError('the store is closed')
  }

  return {
    async apply(commands) {
      assertOpen()
      commands.forEach(assertCommand)
      return commands.map(run)
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
    async peek(takes, nowMs) {
      assertOpen()
      assertTakes(takes, nowMs)
      return readStage(recordOf, takes, Math.max(nowMs, highWaterMs))
    },
    async request(requestId) {
      assertOpen()
      return rows.get(requestId)
    },
    async requests(query) {
      assertOpen()
      const matching = [...rows.values()].filter((row) => matchesRequest(toRequestColumns(row), query))
      return newestFirst(matching).slice(0, query.limit)
    },
    async pruneRequests(beforeMs, limit) {
      assertOpen()
      const old = [...rows.values()].filter((row) => row.atMs < beforeMs).slice(0, limit)
      for (const row of old) rows.delete(row.requestId)
      return old.length
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

/** By code points, which is how databases order UTF-8; `<` would put an emoji before U+FFFD. */
function compareIds(a: string, b: string): number {
  for (let at = 0; at < a.length && at < b.length; at += 1) {
    const difference = (a.codePointAt(at) ?? 0) - (b.codePointAt(at) ?? 0)
    if (difference !== 0) return difference
  }
  return a.length - b.length
}
