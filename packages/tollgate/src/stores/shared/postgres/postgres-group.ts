/**
 * One transaction of a group: two round trips, a third where what was found names more than the statements of the first have looked up.
 *
 * Statements are sent without waiting for each other, and each has its own fate: after one that failed the server refuses the rest, and its answer to `commit` is no error
 * though all is rolled back. So the group is done only if every one of them is. What fails before `commit` was sent has changed nothing; where the connection is lost after
 * that, nobody knows.
 */
import type { Document } from '../../../directory/documents.ts'
import type { CallRecord } from '../../../engine/calls/call-record.ts'
import type { Lease } from '../../../engine/calls/lease-record.ts'
import { leaseDueMs } from '../../../engine/state.ts'
import { furtherFootprint, type DueThings, type Finding, type FootprintKey } from '../../../engine/footprint.ts'
import type { CallSlots, OwnedSlots } from '../../../engine/meters/slot-book.ts'
import { pruneRecord } from '../../../engine/meters/record-codec.ts'
import { emptyRecord, type SubjectRecord } from '../../../engine/meters/subject-record.ts'
import { namedMovement, type LedgerEntry } from '../../../engine/money/ledger.ts'
import { StoreUnavailableError } from '../../../engine/store-error.ts'
import { LOGGED_VALUES } from '../../logged-row.ts'
import { fromRecordText, toRecordRow } from '../../record-text.ts'
import { toDocument } from '../../stored-document.ts'
import { parseRow } from '../../stored-json.ts'
import { toNameText } from '../document-group.ts'
import { DecideAnew, GroupRefused, type DocumentName, type GroupTransaction, type GroupWrites } from '../group-transaction.ts'
import type { LoadStatements } from './load-statements.ts'
import type { PostgresTime } from './postgres-time.ts'
import { toSqlFailure, type SqlConnection, type SqlQuery, type SqlResult } from './sql-connection.ts'
import { asUnavailable, type SqlLink } from './sql-link.ts'
import { sortKeys, type WantedKeys } from './wanted-keys.ts'
import { writeStatements as write, type NumberedEntry, type WrittenSubject } from './write-statements.ts'

type Rows = SqlResult['rows']

/** A subject as it stands there; undefined where it does not. */
interface FoundSubject {
  readonly record: SubjectRecord
  readonly number: number
}

export interface PostgresGroupOptions {
  readonly link: SqlLink
  readonly load: LoadStatements
  readonly time: PostgresTime
  readonly prepareDays: (atMs: readonly number[]) => Promise<void>
}

/** Expiry is kept in steps of this: a column of an index that changed with each count would make each count write to the index. */
const EXPIRY_STEP_MS = 3_600_000

/** Others were in the way: serialization failure, deadlock, a row that another has inserted meanwhile, a lock or statement that took too long. */
const CONFLICTS = new Set(['40001', '40P01', '23505'])
/** The transaction, or the server, has had enough: what was asked is as good as before, and may be asked again. */
const EXHAUSTED = new Set(['55P03', '57014', '25P03', '53', '57', '58'])

export class PostgresGroup implements GroupTransaction {
  readonly #options: PostgresGroupOptions
  readonly #documentNames: readonly DocumentName[]
  readonly #subjects = new Map<string, FoundSubject | undefined>()
  readonly #calls = new Set<string>()
  readonly #leases = new Set<string>()
  readonly #slots = new Set<string>()
  readonly #documents = new Map<string, Document>()
  #connection: SqlConnection | undefined
  #nowMs = 0

  constructor(options: PostgresGroupOptions, documentNames: readonly DocumentName[]) {
    this.#options = options
    this.#documentNames = documentNames
  }

  nowMs(): number {
    return this.#nowMs
  }

  readonly document = (name: DocumentName): Document | undefined => this.#documents.get(toNameText(name))

  readonly find = async (keys: readonly FootprintKey[]): Promise<readonly Finding[]> => {
    const { load, link } = this.#options
    const isFirst = this.#connection === undefined
    this.#connection ??= await link.connection()
    const wanted = sortKeys(keys)
    const asked: { readonly query: SqlQuery; readonly take: (rows: Rows) => void }[] = []
    const ask = (query: SqlQuery, take: (rows: Rows) => void = () => undefined): void => void asked.push({ query, take })
    const findings: Finding[] = []

    if (isFirst) ask(load.begin)
    this.#askForCalls(wanted, ask, findings)
    this.#askForLeases(wanted, ask, findings)
    this.#askForDue(wanted, ask, findings)
    this.#askForSubjects(wanted, ask, findings)
    if (isFirst && this.#documentNames.length > 0) {
      ask(load.documents(this.#documentNames), (rows) => {
        for (const row of rows) this.#documents.set(toNameText(row as unknown as DocumentName), documentOf(row))
      })
    }

    const answers = await this.#send([...asked.map(({ query }) => query), load.now()], 'no')
    this.#nowMs = this.#options.time.saw(Number(answers.at(-1)?.[0]?.['now']))
    for (const [at, { take }] of asked.entries()) take(answers[at] ?? [])
    return findings
  }

  #askForCalls({ call: calls, scope: scopes, 'call-slots': ofCalls, movement: movements }: WantedKeys, ask: Ask, findings: Finding[]): void {
    const { load } = this.#options
    if (calls.length + scopes.length > 0) {
      ask(load.calls(sorted(calls.map(({ id }) => id)), sorted(scopes.map(({ scope }) => scope))), (rows) => {
        const found = rows.map((row) => parseRow<CallRecord>(row['json'] as string))
        for (const { id } of found) this.#calls.add(id)
        const byId = new Map(found.map((each) => [each.id, each]))
        const byScope = new Map(found.map((each) => [each.claim?.scope, each]))
        findings.push(...calls.map((key): Finding => ({ ...key, found: byId.get(key.id) })), ...scopes.map((key): Finding => ({ ...key, found: byScope.get(key.scope) })))
      })
    }
    if (movements.length > 0) {
      ask(load.movements(movements.map(({ movement }) => movement)), (rows) => {
        const byName = new Map(rows.map((row) => [movementText(row as never), parseRow<LedgerEntry>(row['json'] as string)]))
        findings.push(...movements.map((key): Finding => ({ ...key, found: byName.get(movementText(key.movement)) })))
      })
    }
    if (ofCalls.length + scopes.length > 0) {
      ask(load.callSlots(sorted(ofCalls.map(({ callId }) => callId)), sorted(scopes.map(({ scope }) => scope))), (rows) => {
        const found = slotsByCall(rows)
        for (const callId of found.keys()) this.#slots.add(callId)
        const living = (callId: string): CallSlots | undefined => {
          const slots = found.get(callId)
          return slots !== undefined && slots.deadlineMs > this.#nowMs ? slots : undefined
        }
        for (const callId of new Set([...ofCalls.map((key) => key.callId), ...found.keys()])) findings.push({ of: 'call-slots', callId, found: living(callId) })
        pushOwners(findings, rows)
      })
    }
  }

  #askForLeases({ lease: leases, 'account-lease': ofAccounts, 'expiring-leases': expiring }: WantedKeys, ask: Ask, findings: Finding[]): void {
    const { load } = this.#options
    const take = (rows: Rows): readonly Lease[] => {
      const found = rows.map((row) => parseRow<Lease>(row['json'] as string))
      for (const lease of found) this.#leases.add(leaseText(lease))
      return found
    }
    if (leases.length > 0) {
      ask(load.leases(leases.map(({ api, id }) => [api, id])), (rows) => {
        const found = take(rows)
        findings.push(...leases.map((key): Finding => ({ ...key, found: found.find(({ api, id }) => api === key.api && id === key.id) })))
      })
    }
    if (ofAccounts.length > 0) {
      ask(load.accountLeases(ofAccounts.map(({ accountId, id }) => [accountId, id])), (rows) => {
        const found = take(rows)
        findings.push(...ofAccounts.map((key): Finding => ({ ...key, found: found.find(({ accountId, id }) => accountId === key.accountId && id === key.id) })))
      })
    }
    if (expiring.length > 0) {
      ask(load.expiringLeases(sorted(expiring.map(({ accountId }) => accountId))), (rows) => {
        const found = take(rows)
        findings.push(...expiring.map((key): Finding => ({ ...key, found: found.filter((lease) => lease.accountId === key.accountId && leaseDueMs(lease) !== undefined) })))
      })
    }
  }

  #askForDue({ due: [due] }: WantedKeys, ask: Ask, findings: Finding[]): void {
    if (due === undefined) return
    const { load } = this.#options
    const { limit, leasesKeptMs } = due
    const found: { -readonly [K in keyof DueThings]: DueThings[K] } = { calls: [], leases: [], subjects: [], forgettable: [], ended: [] }
    const leasesOf = (rows: Rows): readonly Lease[] => {
      const leases = rows.map((row) => parseRow<Lease>(row['json'] as string))
      for (const lease of leases) this.#leases.add(leaseText(lease))
      return leases
    }
    ask(load.dueCalls(limit), (rows) => {
      found.calls = rows.map((row) => parseRow<CallRecord>(row['json'] as string))
      for (const { id } of found.calls) this.#calls.add(id)
    })
    ask(load.forgettable(limit), (rows) => (found.forgettable = rows.map((row) => row['id'] as string)))
    ask(load.dueLeases(limit), (rows) => (found.leases = leasesOf(rows)))
    ask(load.endedLeases(limit, leasesKeptMs), (rows) => {
      found.ended = leasesOf(rows)
      findings.push({ ...due, found })
    })
    ask(load.dueSubjects(limit), (rows) => (found.subjects = rows.map((row) => row['subject'] as string)))
  }

  #askForSubjects({ subject: subjects, slots, owner: owners, call: calls, scope: scopes }: WantedKeys, ask: Ask, findings: Finding[]): void {
    const { load } = this.#options
    const named = new Set([...subjects, ...slots].map(({ subject }) => subject))
    if (named.size + calls.length + scopes.length > 0) {
      const text = [...named].filter((subject) => !this.#subjects.has(subject))
      ask(load.subjects(sorted(text), sorted(calls.map(({ id }) => id)), sorted(scopes.map(({ scope }) => scope))), (rows) => {
        for (const row of rows) {
          const subject = row['subject'] as string
          if (!this.#subjects.has(subject)) this.#subjects.set(subject, { record: fromRecordText(subject, row['record'] as string), number: Number(row['number']) })
        }
        // What calls hold was looked up with them: where it was not found, there is nothing.
        const further = furtherFootprint(findings.filter(({ of }) => of === 'call' || of === 'scope')).flatMap((key) => (key.of === 'subject' ? [key.subject] : []))
        for (const subject of [...named, ...further]) {
          if (!this.#subjects.has(subject)) this.#subjects.set(subject, undefined)
          findings.push({ of: 'subject', subject, found: this.#subjects.get(subject)?.record ?? emptyRecord })
        }
      })
    }
    if (slots.length > 0) {
      ask(load.slots(slots), (rows) => {
        const found = new Map<string, OwnedSlots[]>()
        for (const row of rows) {
          const key = JSON.stringify([row['subject'], row['name']])
          found.set(key, [...(found.get(key) ?? []), { owner: ownerOf(row), quantity: Number(row['quantity']) }])
        }
        findings.push(...slots.map((key): Finding => ({ ...key, found: found.get(JSON.stringify([key.subject, key.name])) ?? [] })))
        pushOwners(findings, rows)
      })
    }
    if (owners.length > 0) {
      ask(load.owners(owners.map(({ owner }) => owner)), (rows) => {
        const found = new Map(rows.map((row) => [row['owner'], Number(row['until_ms'])]))
        findings.push(...owners.map((key): Finding => ({ ...key, found: found.get(key.owner) })))
      })
    }
  }

  async commit({ changed, documents, feed, logged, durable }: GroupWrites): Promise<void> {
    const nowMs = this.#nowMs
    const { prepareDays } = this.#options
    const statements: SqlQuery[] = []
    const put = (rows: { readonly length: number }, statement: () => SqlQuery): void => void (rows.length > 0 && statements.push(statement()))

    const calls = [...changed.calls.values()].flatMap((call) => call ?? [])
    const goneCalls = [...changed.calls].flatMap(([id, call]) => (call === undefined ? [id] : []))
    // First what goes: another may have its scope by now.
    put(goneCalls, () => write.deleteCalls(goneCalls))
    const [oldCalls, newCalls] = parted(calls, ({ id }) => this.#calls.has(id))
    put(oldCalls, () => write.updateCalls(oldCalls))
    put(newCalls, () => write.insertCalls(newCalls.toSorted((a, b) => compare(a.id, b.id))))

    const leases = changed.leases.flatMap(({ lease, ...name }) => (lease === undefined ? [] : [{ ...name, lease }]))
    const goneLeases = changed.leases.filter(({ lease }) => lease === undefined)
    put(goneLeases, () => write.deleteLeases(goneLeases))
    const [oldLeases, newLeases] = parted(leases, (lease) => this.#leases.has(leaseText(lease)))
    put(oldLeases, () => write.updateLeases(oldLeases))
    put(newLeases, () => write.insertLeases(newLeases.toSorted((a, b) => compare(leaseText(a), leaseText(b)))))

    const slots = [...changed.slots].filter((each): each is [string, CallSlots] => each[1] !== undefined)
    const goneSlots = [...changed.slots.keys()].filter((callId) => this.#slots.has(callId))
    put(goneSlots, () => write.deleteSlots(goneSlots))
    put(slots, () => write.insertSlots(slots.toSorted(([a], [b]) => compare(a, b))))

    const { subjects, entries } = this.#writtenSubjects(changed, slots, nowMs)
    const [oldSubjects, newSubjects] = parted(subjects, ({ subject }) => this.#subjects.get(subject) !== undefined)
    put(oldSubjects, () => write.updateSubjects(oldSubjects))
    put(newSubjects, () => write.insertSubjects(newSubjects.toSorted((a, b) => compare(a.subject, b.subject))))
    put(entries, () => write.insertLedger(entries))
    const named = changed.ledger.filter((entry) => namedMovement(entry) !== undefined)
    put(named, () => write.insertMovements(named))
    const owners = [...changed.owners].toSorted(([a], [b]) => compare(a, b))
    put(owners, () => write.putOwners(owners))

    if (logged.length > 0) {
      await prepareDays(logged.filter((_, at) => at % LOGGED_VALUES === 1) as number[])
      statements.push(write.insertRequests(logged))
    }

    const [oldDocuments, newDocuments] = parted(documents, (document) => this.document(document) !== undefined)
    const goneDocuments = oldDocuments.filter(({ json }) => json === undefined)
    const changedDocuments = oldDocuments.filter(({ json }) => json !== undefined)
    const addedDocuments = newDocuments.filter(({ json }) => json !== undefined)
    put(goneDocuments, () => write.deleteDocuments(goneDocuments))
    put(changedDocuments, () => write.updateDocuments(changedDocuments))
    put(addedDocuments, () => write.insertDocuments(addedDocuments))
    put(feed, () => write.countChanges(feed.length))
    put(feed, () => write.insertChanges(feed))

    const mustLast = durable || calls.length + goneCalls.length + changed.leases.length + changed.ledger.length > 0
    await this.#send([...(mustLast ? [] : [write.unhurried]), ...statements, write.commit], 'unknown')
  }

  #writtenSubjects({ records, ledger }: GroupWrites['changed'], slots: readonly (readonly [string, CallSlots])[], nowMs: number): { readonly subjects: readonly WrittenSubject[]; readonly entries: readonly NumberedEntry[] } {
    const numbers = new Map<string, number>()
    const entries = ledger.map((entry): NumberedEntry => {
      const number = 1 + (numbers.get(entry.subject) ?? this.#subjects.get(entry.subject)?.number ?? 0)
      numbers.set(entry.subject, number)
      return { number, entry }
    })
    // Whoever takes a slot holds the row of its subject, so that no two of them count the same free one. A row that nobody had yet is made.
    const fresh = slots.flatMap(([, { taken }]) => taken.map(({ subject }) => subject)).filter((subject) => this.#subjects.has(subject) && this.#subjects.get(subject) === undefined)
    const subjects = [...new Set([...records.keys(), ...numbers.keys(), ...fresh])].map((subject): WrittenSubject => {
      const record = pruneRecord(records.get(subject) ?? this.#subjects.get(subject)?.record ?? emptyRecord, nowMs)
      const [, text = EMPTY_TEXT, expiresMs, dueMs] = toRecordRow(subject, record)
      const number = numbers.get(subject) ?? this.#subjects.get(subject)?.number ?? 0
      // The number of its last row of the ledger is kept for ever.
      const mayGoMs = number > 0 || !Number.isFinite(expiresMs) ? undefined : Math.ceil((Math.max(expiresMs, nowMs) + 1) / EXPIRY_STEP_MS) * EXPIRY_STEP_MS
      return { subject, record: text, number, dueMs: dueMs ?? undefined, expiresMs: mayGoMs }
    })
    return { subjects, entries }
  }

  end(): void {
    const { load, link } = this.#options
    const connection = this.#connection
    if (connection === undefined) return
    // What comes next on the connection comes behind it.
    void link.within(connection, connection.query(load.rollback)).catch(() => connection.close())
  }

  /** All at once; the first that failed says why. */
  async #send(queries: readonly SqlQuery[], applied: 'no' | 'unknown'): Promise<readonly Rows[]> {
    const connection = this.#connection
    if (connection === undefined) throw new Error('nothing was found yet')
    const outcomes = await this.#options.link.within(connection, Promise.allSettled(queries.map((query) => connection.query(query))))
    const failed = outcomes.find((outcome) => outcome.status === 'rejected')
    if (failed === undefined) return outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value.rows : []))
    const error: unknown = failed.reason
    const lost = outcomes.some((outcome) => outcome.status === 'rejected' && toSqlFailure(outcome.reason) === undefined)
    const failure = toSqlFailure(error)
    // The server refused a statement, so nothing is committed, whether or not its other answers came.
    if (failure === undefined) {
      void connection.close()
      if (applied === 'no') throw new DecideAnew('the connection to the database was lost', { cause: error, isLost: true })
      throw new StoreUnavailableError('the connection to the database was lost before it said what became of the commit', { cause: error, applied })
    }
    if (lost) void connection.close()
    else if (applied === 'no') this.end()
    if (CONFLICTS.has(failure.code)) throw new DecideAnew(failure.message)
    if (EXHAUSTED.has(failure.code) || EXHAUSTED.has(failure.code.slice(0, 2))) throw asUnavailable('the database refused', error)
    throw new GroupRefused(`the database refused: ${failure.message}`, { cause: error })
  }
}

type Ask = (query: SqlQuery, take?: (rows: Rows) => void) => void

const EMPTY_TEXT = '[1]'

const sorted = (texts: readonly string[]): readonly string[] => [...new Set(texts)].toSorted(compare)
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
const leaseText = ({ api, id }: Pick<Lease, 'api' | 'id'>): string => JSON.stringify([api, id])
const movementText = ({ subject, name, kind, id }: { readonly subject: string; readonly name: string; readonly kind: string; readonly id: string }): string => JSON.stringify([subject, name, kind, id])
const ownerOf = (row: Rows[number]): string | undefined => (row['owner'] as string | null) ?? undefined

function documentOf(row: Rows[number]): Document {
  const { collection, id, parent, version, json } = row as { readonly [column: string]: string | null }
  return toDocument(collection ?? '', { id: id ?? '', parent: parent ?? undefined, version: Number(version), json: json ?? 'null' })
}

function parted<T>(rows: readonly T[], isOld: (row: T) => boolean): readonly [old: readonly T[], fresh: readonly T[]] {
  return [rows.filter(isOld), rows.filter((row) => !isOld(row))]
}

function slotsByCall(rows: Rows): Map<string, CallSlots> {
  const found = new Map<string, CallSlots>()
  for (const row of rows) {
    const callId = row['call_id'] as string
    const former = found.get(callId)
    const taken = { subject: row['subject'] as string, name: row['name'] as string, quantity: Number(row['quantity']) }
    const admissions = row['admissions'] === null ? [] : parseRow<CallSlots['admissions']>(row['admissions'] as string)
    found.set(callId, { deadlineMs: Number(row['deadline_ms']), owner: ownerOf(row), taken: [...(former?.taken ?? []), taken], admissions: [...(former?.admissions ?? []), ...admissions] })
  }
  return found
}

/** Until when owners live was read with what they have. */
function pushOwners(findings: Finding[], rows: Rows): void {
  for (const row of rows) {
    const owner = ownerOf(row)
    if (owner !== undefined) findings.push({ of: 'owner', owner, found: row['until_ms'] === null ? undefined : Number(row['until_ms']) })
  }
}
