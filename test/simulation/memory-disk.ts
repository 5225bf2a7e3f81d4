/**
 * A disk of maps, for a process that dies a thousand times: nothing is parsed that nobody asks for, and a crash takes back what was not kept. It answers what
 * the shop asks, and throws at any other question, and at one that asks for less than it would answer. Of the request log it keeps nothing.
 */
import type { CallRecord, Lease, LedgerEntry, LedgerRow } from 'tollgate/engine'
import { StoreUnavailableError } from 'tollgate/engine'
import type { Document } from 'tollgate/directory'
import type { DiskAnswers, DiskGroup, DiskOutcome, DiskQuestion } from 'tollgate/stores/sqlite'
import type { SimulatedDisk } from './disk.ts'

export interface MemoryDiskFaults {
  /** A disk that lies: of so many commits only the last one is kept. Default: 1. */
  readonly keepsEvery?: number
}

type CallRow = DiskGroup['calls'][number]
type LeaseRow = DiskGroup['leases'][number]
type RecordRow = DiskGroup['records'][number]
type Asked<K extends DiskQuestion['kind']> = Extract<DiskQuestion, { readonly kind: K }>

export function createMemoryDisk({ keepsEvery = 1 }: MemoryDiskFaults = {}): SimulatedDisk {
  const records = new Map<string, RecordRow>()
  const calls = new Map<string, CallRow>()
  const scopes = new Map<string, string>()
  const leases = new Map<string, LeaseRow>()
  const documents = new Map<string, Document>()
  /** Grants and debits by their names. */
  const named = new Map<string, string>()
  const ledger: { readonly number: number; readonly callId: string | null; readonly json: string }[] = []
  const lastNumber = new Map<string, number>()
  const meta = new Map<'highWaterMs', number>()
  let commits = 0
  /** How to take back what was done since something was kept. */
  let undos: (() => void)[] = []

  function put<K, V>(map: Map<K, V>, key: K, value: V | undefined): void {
    const before = map.get(key)
    undos.push(() => void (before === undefined ? map.delete(key) : map.set(key, before)))
    if (value === undefined) map.delete(key)
    else map.set(key, value)
  }

  function putCall(id: string, row: CallRow | undefined): void {
    const [, scope] = calls.get(id) ?? []
    if (typeof scope === 'string' && scopes.get(scope) === id) put(scopes, scope, undefined)
    put(calls, id, row)
    if (typeof row?.[1] === 'string') put(scopes, row[1], id)
  }

  function append([subject, name, callId, grantId, debitId, json]: DiskGroup['movements'][number]): void {
    const number = (lastNumber.get(subject) ?? 0) + 1
    put(lastNumber, subject, number)
    ledger.push({ number, callId, json })
    undos.push(() => void ledger.pop())
    if (grantId !== null) put(named, keyOf('grant', subject, name, grantId), json)
    if (debitId !== null) put(named, keyOf('debit', subject, name, debitId), json)
  }

  function decide(command: DiskGroup['documents'][number]) {
    const { collection, id } = command
    const key = keyOf(collection, id)
    const current = documents.get(key)
    if (command.kind === 'delete') {
      put(documents, key, undefined)
      return { deleted: current !== undefined }
    }
    const { parent, value, expect } = command
    const version = current?.version ?? 0
    if (expect !== undefined && expect !== version) return { written: false, document: current }
    const document: Document = { collection, id, version: version + 1, value: JSON.parse(JSON.stringify(value)), ...(parent !== undefined && { parent }) }
    put(documents, key, document)
    return { written: true, document }
  }

  function commit(group: DiskGroup) {
    for (const row of group.records) put(records, row[0], row[1] === undefined ? undefined : row)
    for (const id of group.goneCalls) putCall(id, undefined)
    for (const row of group.calls) putCall(row[0], row)
    for (const [api, id] of group.goneLeases) put(leases, keyOf(api, id), undefined)
    for (const row of group.leases) put(leases, keyOf(row[0], row[1]), row)
    for (const row of group.movements) append(row)
    const decided = group.documents.map(decide)
    if (group.highWaterMs !== undefined) put(meta, 'highWaterMs', group.highWaterMs)
    if (group.sweep !== undefined) for (const [subject, , expiresMs] of records.values()) if (expiresMs <= group.sweep.nowMs) put(records, subject, undefined)
    commits += 1
    if (commits % keepsEvery === 0) undos = []
    return decided
  }

  const parsedCalls = (keep: (row: CallRow) => boolean): CallRecord[] => [...calls.values()].filter(keep).map((row) => JSON.parse(row[7]) as CallRecord)
  const parsedLeases = (keep: (row: LeaseRow) => boolean): Lease[] => [...leases.values()].filter(keep).map((row) => JSON.parse(row[7]) as Lease)

  const answers: { readonly [K in DiskQuestion['kind']]?: (question: Asked<K>) => DiskAnswers[K] } = {
    open: () => ({
      highWaterMs: meta.get('highWaterMs') ?? 0,
      records: [...records.values()].map(([subject, record = '']) => [subject, record] as const),
      hasAllRecords: true,
      // Half of what lives, as if there were more than it may keep.
      calls: [...calls.values()].filter((row, at) => row[5] !== null && at % 2 === 0).map((row) => row[7]),
      leases: [...leases.values()].filter((row, at) => row[6] === null && at % 2 === 0).map((row) => row[7]),
      callNames: [...calls.values()].map(([id, scope]) => [id, scope] as const),
    }),
    load: ({ wanted }) => ({
      subjects: wanted.subjects.map((subject) => records.get(subject)?.[1]),
      calls: wanted.calls.map((id) => calls.get(id)?.[7]),
      scopes: wanted.scopes.map((scope) => calls.get(scopes.get(scope) ?? '')?.[7]),
      leases: wanted.leases.map(([api, id]) => leases.get(keyOf(api, id))?.[7]),
      accountLeases: wanted.accountLeases.map(([account, id]) => [...leases.values()].find((row) => row[2] === account && row[1] === id)?.[7]),
      movements: wanted.movements.map((movement) => named.get(keyOf(...movement))),
    }),
    due({ nowMs, endedByMs, limit }) {
      const first = <T>(rows: Iterable<T>, atMs: (row: T) => number | null, byMs: number): T[] => [...rows].filter((row) => (atMs(row) ?? Infinity) <= byMs).toSorted((one, other) => (atMs(one) ?? 0) - (atMs(other) ?? 0)).slice(0, limit)
      const later = [...[...records.values()].map((row) => row[3]), ...[...calls.values(), ...leases.values()].map((row) => row[5])].filter((dueMs) => dueMs !== null && dueMs > nowMs)
      return {
        calls: first(calls.values(), (row) => row[5], nowMs).map(([id]) => id),
        leases: first(leases.values(), (row) => row[5], nowMs).map(([api, id]) => [api, id] as const),
        subjects: first(records.values(), (row) => row[3], nowMs).map(([subject]) => subject),
        forgettable: first(calls.values(), (row) => row[6], nowMs).map(([id]) => id),
        ended: first(leases.values(), (row) => row[6], endedByMs).map((row) => JSON.parse(row[7]) as Lease),
        nextMs: Math.min(Infinity, ...later.map(Number)),
      }
    },
    document: ({ collection, id }) => documents.get(keyOf(collection, id)),
    documents: ({ collection, page: { parent, after = '', limit } }) =>
      [...documents.values()].filter((each) => each.collection === collection && each.id > after && (parent === undefined || each.parent === parent)).toSorted((one, other) => (one.id < other.id ? -1 : 1)).slice(0, limit),
    calls({ query }) {
      assertAsks(query, ['limit'])
      return parsedCalls(() => true).slice(0, query.limit)
    },
    leases({ query }) {
      assertAsks(query, ['accountId', 'limit'])
      return parsedLeases((row) => row[2] === query.accountId).slice(0, query.limit)
    },
    ledger({ query }) {
      assertAsks(query, ['callId', 'order', 'limit'])
      const { callId, order, limit } = query
      const found: LedgerRow[] = []
      for (let left = 0; left < ledger.length && found.length < limit; left += 1) {
        const at = order === 'newest' ? ledger.length - 1 - left : left
        const row = ledger[at]
        if (row !== undefined && (callId === undefined || row.callId === callId)) found.push({ number: row.number, cursor: at + 1, ...(JSON.parse(row.json) as LedgerEntry) })
      }
      return found
    },
    checkpoint: () => undefined,
  }

  return {
    open: (life) => ({
      write: (group, told) =>
        told(
          outcomeOf(() => {
            life.reach('disk: begun')
            const decided = commit(group)
            life.reach('disk: told')
            return decided
          }),
        ),
      ask: (question, told) =>
        told(
          outcomeOf(() => {
            life.assertAlive()
            // That question and answer are of one kind is in the type of the table, and lost at the index.
            const answer = answers[question.kind] as ((asked: typeof question) => DiskAnswers[(typeof question)['kind']]) | undefined
            if (answer === undefined) throw new Error(`the shop does not ask for ${question.kind}`)
            return answer(question)
          }),
        ),
      close(_, told) {
        // Of a process that has closed it in order, also one that lies keeps all.
        undos = []
        told()
      },
    }),
    forget() {
      for (const undo of undos.splice(0).toReversed()) undo()
    },
    close: () => undefined,
  }
}

/** What is left out of an answer unseen would hide what rests on it. */
function assertAsks<Q extends object>(query: Q, known: readonly (keyof Q & string)[]): void {
  const other = Object.keys(query).find((name) => !known.includes(name as keyof Q & string))
  if (other !== undefined) throw new Error(`the shop does not ask by ${other}`)
}

function outcomeOf<T>(run: () => T): DiskOutcome<T> {
  try {
    return { kind: 'done', value: run() }
  } catch (error) {
    return { kind: 'failed', error: new StoreUnavailableError(error instanceof Error ? error.message : String(error)) }
  }
}

function keyOf(...names: readonly string[]): string {
  return names.join('\n')
}
