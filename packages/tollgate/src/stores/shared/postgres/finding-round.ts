/** One round of a group's findings: the statements for what is asked, and what their answers say. */
import type { CallRecord } from '../../../engine/calls/call-record.ts'
import type { Lease } from '../../../engine/calls/lease-record.ts'
import { furtherFootprint, type DueThings, type Finding, type FootprintKey } from '../../../engine/footprint.ts'
import { emptyRecord } from '../../../engine/meters/subject-record.ts'
import type { LedgerEntry } from '../../../engine/money/ledger.ts'
import { leaseDueMs } from '../../../engine/state.ts'
import { fromRecordText } from '../../record-text.ts'
import { parseRow } from '../../stored-json.ts'
import { ownersIn, slotOwner, slotsByCall, type SqlRow } from './found-rows.ts'
import type { LoadStatements } from './load-statements.ts'
import type { SqlQuery } from './sql-connection.ts'
import { leaseText, type StandingRows } from './standing-rows.ts'
import { sortKeys, type WantedKeys } from './wanted-keys.ts'

type Take = (rows: readonly SqlRow[], nowMs: number) => void

export class FindingRound {
  readonly #load: LoadStatements
  readonly #standing: StandingRows
  readonly #asked: { readonly query: SqlQuery; readonly take: Take }[] = []
  readonly #findings: Finding[] = []

  constructor(load: LoadStatements, standing: StandingRows, keys: readonly FootprintKey[]) {
    this.#load = load
    this.#standing = standing
    const wanted = sortKeys(keys)
    // In the order in which all lock: what names subjects comes before them.
    this.#askForCalls(wanted)
    this.#askForLeases(wanted)
    this.#askForDue(wanted)
    this.#askForSubjects(wanted)
  }

  get queries(): readonly SqlQuery[] {
    return this.#asked.map(({ query }) => query)
  }

  /** `answers`: in the order of the queries. */
  findings(answers: readonly (readonly SqlRow[])[], nowMs: number): readonly Finding[] {
    for (const [at, { take }] of this.#asked.entries()) take(answers[at] ?? [], nowMs)
    return this.#findings
  }

  #ask(query: SqlQuery, take: Take): void {
    this.#asked.push({ query, take })
  }

  #add(...findings: readonly Finding[]): void {
    for (const finding of findings) this.#findings.push(finding)
  }

  #askForCalls({ call: calls, scope: scopes, 'call-slots': ofCalls, movement: movements }: WantedKeys): void {
    const [ids, scopeTexts] = [sorted(calls.map(({ id }) => id)), sorted(scopes.map(({ scope }) => scope))]
    if (calls.length + scopes.length > 0) {
      this.#ask(this.#load.calls(ids, scopeTexts), (rows) => {
        const found = this.#takeCalls(rows)
        const byId = new Map(found.map((call) => [call.id, call]))
        const byScope = new Map(found.map((call) => [call.claim?.scope, call]))
        this.#add(...calls.map((key) => ({ ...key, found: byId.get(key.id) })), ...scopes.map((key) => ({ ...key, found: byScope.get(key.scope) })))
      })
    }
    if (movements.length > 0) {
      this.#ask(this.#load.movements(movements.map(({ movement }) => movement)), (rows) => {
        const byName = new Map(rows.map((row) => [movementText(row as unknown as MovementName), parseRow<LedgerEntry>(row['json'] as string)]))
        this.#add(...movements.map((key) => ({ ...key, found: byName.get(movementText(key.movement)) })))
      })
    }
    if (ofCalls.length + scopes.length > 0) {
      this.#ask(this.#load.callSlots(sorted(ofCalls.map(({ callId }) => callId)), scopeTexts), (rows, nowMs) => {
        const found = slotsByCall(rows)
        for (const callId of found.keys()) this.#standing.slots.add(callId)
        for (const callId of new Set([...ofCalls.map((key) => key.callId), ...found.keys()])) {
          const slots = found.get(callId)
          this.#add({ of: 'call-slots', callId, found: slots !== undefined && slots.deadlineMs > nowMs ? slots : undefined })
        }
        this.#add(...ownersIn(rows))
      })
    }
  }

  #askForLeases({ lease: leases, 'account-lease': ofAccounts, 'expiring-leases': expiring }: WantedKeys): void {
    if (leases.length > 0) {
      this.#ask(this.#load.leases(leases), (rows) => {
        const found = this.#takeLeases(rows)
        this.#add(...leases.map((key) => ({ ...key, found: found.find(({ api, id }) => api === key.api && id === key.id) })))
      })
    }
    if (ofAccounts.length > 0) {
      this.#ask(this.#load.accountLeases(ofAccounts), (rows) => {
        const found = this.#takeLeases(rows)
        this.#add(...ofAccounts.map((key) => ({ ...key, found: found.find(({ accountId, id }) => accountId === key.accountId && id === key.id) })))
      })
    }
    if (expiring.length > 0) {
      this.#ask(this.#load.expiringLeases(sorted(expiring.map(({ accountId }) => accountId))), (rows) => {
        const found = this.#takeLeases(rows)
        this.#add(...expiring.map((key) => ({ ...key, found: found.filter((lease) => lease.accountId === key.accountId && leaseDueMs(lease) !== undefined) })))
      })
    }
  }

  #askForDue({ due: [due] }: WantedKeys): void {
    if (due === undefined) return
    const { limit, leasesKeptMs } = due
    const found: { -readonly [K in keyof DueThings]: DueThings[K] } = { calls: [], leases: [], subjects: [], forgettable: [], ended: [] }
    this.#ask(this.#load.dueCalls(limit), (rows) => void (found.calls = this.#takeCalls(rows)))
    this.#ask(this.#load.forgettable(limit), (rows) => void (found.forgettable = rows.map((row) => row['id'] as string)))
    this.#ask(this.#load.dueLeases(limit), (rows) => void (found.leases = this.#takeLeases(rows)))
    this.#ask(this.#load.endedLeases(limit, leasesKeptMs), (rows) => void (found.ended = this.#takeLeases(rows)))
    this.#ask(this.#load.dueSubjects(limit), (rows) => {
      found.subjects = rows.map((row) => row['subject'] as string)
      this.#add({ ...due, found })
    })
  }

  #askForSubjects({ subject: subjects, slots, owner: owners, call: calls, scope: scopes }: WantedKeys): void {
    const { subjects: standing } = this.#standing
    // Whoever counts slots holds the row of their subject.
    const named = new Set([...subjects, ...slots].map(({ subject }) => subject))
    if (named.size + calls.length + scopes.length > 0) {
      const unknown = [...named].filter((subject) => !standing.has(subject))
      this.#ask(this.#load.subjects(sorted(unknown), sorted(calls.map(({ id }) => id)), sorted(scopes.map(({ scope }) => scope))), (rows) => {
        for (const row of rows) {
          const subject = row['subject'] as string
          if (!standing.has(subject)) standing.set(subject, { record: fromRecordText(subject, row['record'] as string), number: Number(row['number']) })
        }
        // What calls hold was looked up with them: where it was not found, there is nothing.
        const held = furtherFootprint(this.#findings.filter(({ of }) => of === 'call' || of === 'scope')).flatMap((key) => (key.of === 'subject' ? [key.subject] : []))
        for (const subject of new Set([...named, ...held])) {
          if (!standing.has(subject)) standing.set(subject, undefined)
          this.#add({ of: 'subject', subject, found: standing.get(subject)?.record ?? emptyRecord })
        }
      })
    }
    if (slots.length > 0) {
      this.#ask(this.#load.slots(slots), (rows) => {
        this.#add(
          ...slots.map((key) => {
            const own = rows.filter((row) => row['subject'] === key.subject && row['name'] === key.name)
            return { ...key, found: own.map((row) => ({ owner: slotOwner(row), quantity: Number(row['quantity']) })) }
          }),
          ...ownersIn(rows),
        )
      })
    }
    if (owners.length > 0) {
      this.#ask(this.#load.owners(owners.map(({ owner }) => owner)), (rows) => {
        const untilMs = new Map(rows.map((row) => [row['owner'], Number(row['until_ms'])]))
        this.#add(...owners.map((key) => ({ ...key, found: untilMs.get(key.owner) })))
      })
    }
  }

  #takeCalls(rows: readonly SqlRow[]): readonly CallRecord[] {
    const calls = rows.map((row) => parseRow<CallRecord>(row['json'] as string))
    for (const { id } of calls) this.#standing.calls.add(id)
    return calls
  }

  #takeLeases(rows: readonly SqlRow[]): readonly Lease[] {
    const leases = rows.map((row) => parseRow<Lease>(row['json'] as string))
    for (const lease of leases) this.#standing.leases.add(leaseText(lease))
    return leases
  }
}

interface MovementName {
  readonly kind: string
  readonly subject: string
  readonly name: string
  readonly id: string
}

const movementText = ({ kind, subject, name, id }: MovementName): string => JSON.stringify([kind, subject, name, id])

/** By code units: the same for all who lock. */
const sorted = (texts: readonly string[]): readonly string[] => [...new Set(texts)].toSorted((a, b) => (a < b ? -1 : 1))
