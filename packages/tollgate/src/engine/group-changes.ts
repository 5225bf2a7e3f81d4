/** What the decisions of a group have changed, as it stands after the last of them: a store writes it in one transaction. */
import type { CallRecord } from './calls/call-record.ts'
import type { Lease } from './calls/lease-record.ts'
import type { CallSlots } from './meters/slot-book.ts'
import type { SubjectRecord } from './meters/subject-record.ts'
import type { LedgerEntry } from './money/ledger.ts'
import type { Changes } from './state.ts'

/** A lease as it is to be written. */
export interface ChangedLease extends Pick<Lease, 'api' | 'id' | 'accountId'> {
  /** Undefined: it is removed. */
  readonly lease: Lease | undefined
}

/**
 * What a group has changed. Undefined stands for what is removed. Calls, leases, slots and ledger entries are plain JSON; a record has a codec (`encodeRecord`).
 */
export class GroupChanges {
  readonly #records = new Map<string, SubjectRecord>()
  readonly #calls = new Map<string, CallRecord | undefined>()
  readonly #leases = new Map<string, ChangedLease>()
  readonly #slots = new Map<string, CallSlots | undefined>()
  readonly #owners = new Map<string, number>()
  readonly #ledger: LedgerEntry[] = []

  /** By subject. */
  get records(): ReadonlyMap<string, SubjectRecord> {
    return this.#records
  }

  /** By id. */
  get calls(): ReadonlyMap<string, CallRecord | undefined> {
    return this.#calls
  }

  get leases(): readonly ChangedLease[] {
    return [...this.#leases.values()]
  }

  /** By the id of their call. */
  get slots(): ReadonlyMap<string, CallSlots | undefined> {
    return this.#slots
  }

  /** Until when they live, by owner. */
  get owners(): ReadonlyMap<string, number> {
    return this.#owners
  }

  /** In the order in which they are written, with their subjects' next numbers. */
  get ledger(): readonly LedgerEntry[] {
    return this.#ledger
  }

  /** All but slots, which are counted up from what the call had. */
  add({ records, calls, leases, goneLeases, ledger, beat }: Changes): void {
    for (const { subject, record } of records) this.#records.set(subject, record)
    for (const [id, call] of calls) this.#calls.set(id, call)
    for (const lease of leases) this.#putLease(lease, lease)
    for (const lease of goneLeases) this.#putLease(lease, undefined)
    this.#ledger.push(...ledger)
    if (beat !== undefined) this.#owners.set(beat.owner, beat.untilMs)
  }

  putSlots(callId: string, slots: CallSlots | undefined): void {
    this.#slots.set(callId, slots)
  }

  #putLease({ api, id, accountId }: Lease, lease: Lease | undefined): void {
    this.#leases.set(JSON.stringify([api, id]), { api, id, accountId, lease })
  }
}
