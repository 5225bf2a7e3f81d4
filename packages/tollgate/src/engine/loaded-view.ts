/**
 * What was loaded for a group of commands, as decisions see it. Each decision's changes are put over it, so that the next one of the group sees them; what all of
 * them have changed is written at the end.
 */
import type { CallRecord } from './calls/call-record.ts'
import type { Lease } from './calls/lease-record.ts'
import type { Finding, FootprintKey } from './footprint.ts'
import { GroupChanges } from './group-changes.ts'
import { LoadedParts, type LeaseName } from './loaded-parts.ts'
import type { CallSlots, OwnedSlots } from './meters/slot-book.ts'
import type { SubjectRecord } from './meters/subject-record.ts'
import { namedMovement, type LedgerEntry, type NamedMovement } from './money/ledger.ts'
import { callDueMs, leaseDueMs, type Changes, type StateView } from './state.ts'

/** The state of a store as far as it was loaded. A question about anything else throws a NotLoadedError. */
export class LoadedView implements StateView {
  readonly #parts: LoadedParts
  /** To be written when the group is decided. */
  readonly changed = new GroupChanges()

  constructor(parts = new LoadedParts()) {
    this.#parts = parts
  }

  /** The same, for a batch that may fail and then leaves nothing behind. What it changes is its own, and what was changed before is not among it. */
  fork(): LoadedView {
    return new LoadedView(this.#parts.over())
  }

  add(findings: readonly Finding[]): void {
    for (const finding of findings) this.#parts.add(finding)
  }

  has(key: FootprintKey): boolean {
    return this.#parts.has(key)
  }

  /** Properties, since stages take some of them as functions. */
  readonly record = (subject: string): SubjectRecord => this.#parts.get({ of: 'subject', subject })
  readonly call = (id: string): CallRecord | undefined => this.#parts.get({ of: 'call', id })
  readonly lease = (api: string, id: string): Lease | undefined => this.#parts.get({ of: 'lease', api, id })
  readonly namedRow = (movement: NamedMovement): LedgerEntry | undefined => this.#parts.get({ of: 'movement', movement })
  readonly slotsOn = (subject: string, name: string): readonly OwnedSlots[] => this.#parts.get({ of: 'slots', subject, name })
  readonly slotsOf = (callId: string): CallSlots | undefined => this.#parts.get({ of: 'call-slots', callId })
  readonly livesUntilMs = (owner: string): number | undefined => this.#parts.get({ of: 'owner', owner })

  callOfScope(scope: string): CallRecord | undefined {
    const id = this.#parts.get({ of: 'scope', scope })
    return id === undefined ? undefined : this.call(id)
  }

  leaseOfAccount(accountId: string, id: string): Lease | undefined {
    const name = this.#parts.get({ of: 'account-lease', accountId, id })
    return name && this.lease(name.api, name.id)
  }

  readonly expiringLeases = (accountId: string): readonly Lease[] =>
    this.#leases(this.#parts.get({ of: 'expiring-leases', accountId }))
      .filter((lease) => leaseDueMs(lease) !== undefined)
      .toSorted((a, b) => (a.expiresAtMs ?? 0) - (b.expiresAtMs ?? 0))

  dueCalls(nowMs: number, limit: number): readonly CallRecord[] {
    return this.#due.calls.flatMap(({ id }) => this.call(id) ?? []).filter((call) => (callDueMs(call) ?? Infinity) <= nowMs).slice(0, limit)
  }

  dueLeases(nowMs: number, limit: number): readonly Lease[] {
    return this.#leases(this.#due.leases).filter((lease) => (leaseDueMs(lease) ?? Infinity) <= nowMs).slice(0, limit)
  }

  dueSubjects(_nowMs: number, limit: number): readonly string[] {
    return this.#due.subjects.slice(0, limit)
  }

  forgettableCalls(_nowMs: number, limit: number): readonly string[] {
    return this.#due.forgettable.slice(0, limit)
  }

  endedLeases(byMs: number, limit: number): readonly Lease[] {
    return this.#leases(this.#due.ended).filter(({ endedAtMs = Infinity }) => endedAtMs <= byMs).slice(0, limit)
  }

  get #due() {
    return this.#parts.get({ of: 'due', limit: 0, leasesKeptMs: 0 })
  }

  #leases(names: readonly LeaseName[]): readonly Lease[] {
    return names.flatMap(({ api, id }) => this.lease(api, id) ?? [])
  }

  /** What a decision changed, seen by the next one of the group. What it changed it had asked for, or made. */
  put(changes: Changes): void {
    for (const { subject, record } of changes.records) this.#parts.set({ of: 'subject', subject }, record)
    for (const [id, call] of changes.calls) this.#putCall(id, call)
    for (const lease of changes.leases) this.#putLease(lease)
    for (const { api, id, accountId } of changes.goneLeases) {
      this.#parts.set({ of: 'lease', api, id }, undefined)
      this.#parts.set({ of: 'account-lease', accountId, id }, undefined)
    }
    for (const entry of changes.ledger) {
      const movement = namedMovement(entry)
      if (movement !== undefined) this.#parts.set({ of: 'movement', movement }, entry)
    }
    if (changes.beat !== undefined) this.#parts.set({ of: 'owner', owner: changes.beat.owner }, changes.beat.untilMs)
    this.changed.add(changes)
    this.#putSlots(changes)
  }

  #putCall(id: string, call: CallRecord | undefined): void {
    const former = this.#parts.peek({ of: 'call', id })?.claim?.scope
    if (former !== undefined && this.#parts.peek({ of: 'scope', scope: former }) === id) this.#parts.set({ of: 'scope', scope: former }, undefined)
    this.#parts.set({ of: 'call', id }, call)
    if (call?.claim !== undefined) this.#parts.set({ of: 'scope', scope: call.claim.scope }, id)
  }

  #putLease(lease: Lease): void {
    const { api, id, accountId } = lease
    this.#parts.set({ of: 'lease', api, id }, lease)
    this.#parts.set({ of: 'account-lease', accountId, id }, lease)
    const expiring = this.#parts.peek({ of: 'expiring-leases', accountId })
    if (expiring?.some((name) => name.api === api && name.id === id) === false) this.#parts.set({ of: 'expiring-leases', accountId }, [...expiring, lease])
  }

  #putSlots({ slotsTaken, slotsExtended, ended }: Changes): void {
    for (const callId of ended) {
      const freed = this.#parts.peek({ of: 'call-slots', callId })
      if (freed !== undefined) this.#count(freed, -1)
      this.#putCallSlots(callId, undefined)
    }
    if (slotsTaken !== undefined) {
      const { callId, ...more } = slotsTaken
      const former = this.#parts.peek({ of: 'call-slots', callId })
      const owner = former === undefined ? more.owner : former.owner
      this.#putCallSlots(callId, { deadlineMs: more.deadlineMs, owner, taken: [...(former?.taken ?? []), ...more.taken], admissions: [...(former?.admissions ?? []), ...more.admissions] })
      this.#count({ ...more, owner }, 1)
    }
    if (slotsExtended !== undefined) {
      const { callId, deadlineMs } = slotsExtended
      const former = this.#parts.peek({ of: 'call-slots', callId })
      if (former !== undefined && former.deadlineMs < deadlineMs) this.#putCallSlots(callId, { ...former, deadlineMs })
    }
  }

  #putCallSlots(callId: string, slots: CallSlots | undefined): void {
    this.#parts.set({ of: 'call-slots', callId }, slots)
    this.changed.putSlots(callId, slots)
  }

  #count({ owner, taken }: CallSlots, sign: 1 | -1): void {
    for (const { subject, name, quantity } of taken) {
      const owned = this.#parts.peek({ of: 'slots', subject, name })
      if (owned === undefined) continue
      const own = owned.find((each) => each.owner === owner)?.quantity ?? 0
      this.#parts.set({ of: 'slots', subject, name }, [...owned.filter((each) => each.owner !== owner), { owner, quantity: own + sign * quantity }])
    }
  }
}
