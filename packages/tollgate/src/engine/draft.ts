/** The changes of one command, laid over the state. The state itself is not touched. */
import { balanceOf, scaledBalance, type BalanceChange, type BalanceState } from './money/balance.ts'
import type { Admission, CallCount, CallRecord, TakenLease } from './calls/call-record.ts'
import { countsUntilMs } from './kinds/kinds.ts'
import type { Lease } from './calls/lease-record.ts'
import { leaseStateOf, removeAlive } from './meters/lease-counter.ts'
import type { LedgerEntry } from './money/ledger.ts'
import type { BalanceMovement, ChangedRecord, StageOutcome } from './meters/stage-draft.ts'
import { noChanges, type Changes, type StateView } from './state.ts'
import { withState, type RecordState, type SubjectRecord } from './meters/subject-record.ts'

/** The parts of a ledger row that the movement itself does not say. */
export interface MovementCause {
  readonly reason: string
  readonly callId?: string
  readonly keyId?: string | undefined
}

/** A class, since one is made for each command: sixteen closures would cost more than most decisions. */
export class Draft {
  readonly view: StateView
  readonly nowMs: number
  #records: Map<string, SubjectRecord> | undefined
  #calls: Map<string, CallRecord | undefined> | undefined
  #slotsTaken: Changes['slotsTaken']
  #slotsExtended: Changes['slotsExtended']
  #beat: Changes['beat']
  #counted = noChanges.counted
  readonly #touched: { readonly subject: string; readonly name: string }[] = []
  readonly #leases: Lease[] = []
  readonly #goneLeases: Lease[] = []
  readonly #ledger: LedgerEntry[] = []
  readonly #ended: string[] = []

  constructor(view: StateView, nowMs: number) {
    this.view = view
    this.nowMs = nowMs
  }

  get changes(): Changes {
    const records: ChangedRecord[] = []
    this.#records?.forEach((record, subject) => records.push({ subject, record }))
    return {
      records,
      touched: this.#touched,
      counted: this.#counted,
      calls: this.#calls ?? noChanges.calls,
      leases: this.#leases,
      goneLeases: this.#goneLeases,
      ledger: this.#ledger,
      slotsTaken: this.#slotsTaken,
      slotsExtended: this.#slotsExtended,
      beat: this.#beat,
      ended: this.#ended,
    }
  }

  /** Bound to this draft, since stages take it as a function. */
  readonly record = (subject: string): SubjectRecord => this.#records?.get(subject) ?? this.view.record(subject)

  putRecords(changed: readonly ChangedRecord[]): void {
    this.#records ??= new Map()
    for (const { subject, record } of changed) this.#records.set(subject, record)
  }

  #touch(subject: string, state: RecordState): void {
    this.putRecords([{ subject, record: withState(this.record(subject), state) }])
    this.#touched.push({ subject, name: state.name })
  }

  call(id: string): CallRecord | undefined {
    return this.#calls?.has(id) === true ? this.#calls.get(id) : this.view.call(id)
  }

  callOfScope(scope: string): CallRecord | undefined {
    for (const call of this.#calls?.values() ?? []) if (call?.claim?.scope === scope) return call
    const call = this.view.callOfScope(scope)
    return call === undefined || this.#calls?.has(call.id) === true ? undefined : call
  }

  putCall(call: CallRecord): void {
    this.#calls = (this.#calls ?? new Map()).set(call.id, call)
  }

  removeCall(id: string): void {
    this.#calls = (this.#calls ?? new Map()).set(id, undefined)
  }

  lease(api: string, id: string): Lease | undefined {
    return this.#leases.find((lease) => lease.api === api && lease.id === id) ?? this.view.lease(api, id)
  }

  leaseOfAccount(accountId: string, id: string): Lease | undefined {
    return this.#leases.find((lease) => lease.accountId === accountId && lease.id === id) ?? this.view.leaseOfAccount(accountId, id)
  }

  putLease(lease: Lease): void {
    const at = this.#leases.findIndex(({ api, id }) => api === lease.api && id === lease.id)
    if (at === -1) this.#leases.push(lease)
    else this.#leases[at] = lease
  }

  removeTombstone(lease: Lease): void {
    this.#goneLeases.push(lease)
  }

  /** Changes one balance and writes its movements down. */
  changeBalance(
    { subject, name, scale }: { readonly subject: string; readonly name: string; readonly scale: number },
    change: (state: BalanceState) => BalanceChange,
    cause: MovementCause,
  ): void {
    const { state, movements } = change(scaledBalance(balanceOf(this.record(subject), name), subject, name, scale))
    if (movements.length === 0) return
    this.#touch(subject, state)
    for (const movement of movements) this.writeDown({ subject, name, scale, movement }, cause)
  }

  writeDown({ subject, name, scale, movement }: BalanceMovement, { reason, callId, keyId }: MovementCause): void {
    const { kind, units, availableUnits, heldUnits, grantId, debitId, reason: ofTime } = movement
    // What time alone brings about is of no call.
    const isOfCall = ofTime === undefined && callId !== undefined
    this.#ledger.push({ subject, name, scale, atMs: this.nowMs, kind, units, availableUnits, heldUnits, callId: isOfCall ? callId : undefined, keyId: isOfCall ? keyId : undefined, grantId, debitId, reason: ofTime ?? reason })
  }

  /** Writes down what a call was charged, with the meter that counts it. */
  writeDownSpent(count: CallCount, units: number, { reason, callId, keyId }: MovementCause): void {
    const { subject, name, scale } = count
    this.#ledger.push({ subject, name, scale, atMs: this.nowMs, kind: 'spend', units, availableUnits: 0, heldUnits: 0, countsUntilMs: countsUntilMs(count), callId, keyId, reason })
  }

  /** Puts in place what counts of calls have become. */
  changeCounts(changed: readonly ChangedRecord[], counts: readonly { readonly subject: string; readonly name: string }[]): void {
    this.putRecords(changed)
    for (const { subject, name } of counts) if (changed.some((change) => change.subject === subject)) this.#touched.push({ subject, name })
  }

  /** Takes so many living leases off the count. */
  endLeases(taken: readonly TakenLease[]): void {
    for (const { subject, name, quantity } of taken) this.#touch(subject, removeAlive(leaseStateOf(this.record(subject), name), name, quantity))
  }

  extendSlots(callId: string, deadlineMs: number): void {
    this.#slotsExtended = { callId, deadlineMs }
  }

  beat(owner: string, untilMs: number): void {
    this.#beat = { owner, untilMs }
  }

  /** Whether the call has any, so that it lives without a record. */
  hasSlots(callId: string): boolean {
    return this.view.slotsOf(callId) !== undefined
  }

  freeSlots(callId: string): void {
    this.#ended.push(callId)
  }

  /** Puts the changes of a stage into this draft. */
  adopt({ changed, holds, callCounts, reserved, leases, slots, counted }: StageOutcome, slotsOf: { readonly id: string; readonly deadlineMs: number; readonly owner: string | undefined; readonly admission: Admission | undefined } | undefined): void {
    this.putRecords(changed)
    for (const { subject, name } of holds) this.#touched.push({ subject, name })
    for (const { subject, name } of [...callCounts, ...reserved]) this.#touched.push({ subject, name })
    for (const { subject, name } of leases) this.#touched.push({ subject, name })
    this.#counted = counted
    if (slots.length > 0 && slotsOf !== undefined) this.#slotsTaken = { callId: slotsOf.id, deadlineMs: slotsOf.deadlineMs, owner: slotsOf.owner, taken: slots, admissions: slotsOf.admission === undefined ? [] : [slotsOf.admission] }
  }
}
