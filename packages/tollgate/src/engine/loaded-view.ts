/**
 * What was loaded for a group of commands, as decisions see it. It *is* a view, and throws on what was not asked for: a key that is missing in a footprint is an
 * error of this program, and no empty record. Each decision's changes are put over it, so that the next one of the group sees them.
 */
import type { CallRecord } from './calls/call-record.ts'
import type { FirstRound, FootprintKey } from './footprint.ts'
import type { Lease } from './calls/lease.ts'
import { namedMovement, type LedgerEntry, type NamedMovement } from './money/ledger.ts'
import type { CallSlots, OwnedSlots } from './meters/slot-book.ts'
import { callDueMs, leaseDueMs, type Changes, type StateView } from './state.ts'
import type { SubjectRecord } from './meters/subject-record.ts'

/** A decision asked for what its footprint does not name. */
export class NotLoadedError extends Error {
  override readonly name = 'NotLoadedError'
}

/** As the command `due` finds them. */
export interface DueThings {
  readonly calls: readonly CallRecord[]
  readonly leases: readonly Lease[]
  readonly subjects: readonly string[]
  readonly forgettable: readonly string[]
  readonly ended: readonly Lease[]
}

/** Where a loaded view has its things from: what lies behind each key at one instant. */
export interface LoadSource extends Omit<StateView, 'dueCalls' | 'dueLeases' | 'dueSubjects' | 'forgettableCalls' | 'endedLeases'> {
  due(limit: number, leasesKeptMs: number | undefined): DueThings
}

const keyOf = (...parts: readonly string[]): string => JSON.stringify(parts)
const movementKey = ({ kind, subject, name, id }: NamedMovement): string => keyOf(kind, subject, name, id)

/** A map that knows what was asked for. */
class Loaded<V> {
  readonly #what: string
  readonly #values: Map<string, V>

  constructor(what: string, values = new Map<string, V>()) {
    this.#what = what
    this.#values = values
  }

  has(key: string): boolean {
    return this.#values.has(key)
  }

  get(key: string): V {
    if (!this.#values.has(key)) throw new NotLoadedError(`the footprint does not name the ${this.#what} ${key}`)
    return this.#values.get(key) as V
  }

  set(key: string, value: V): void {
    this.#values.set(key, value)
  }

  values(): readonly V[] {
    return [...this.#values.values()]
  }

  copy(): Loaded<V> {
    return new Loaded(this.#what, new Map(this.#values))
  }
}

function emptyLoaded() {
  return {
    records: new Loaded<SubjectRecord>('subject'),
    calls: new Loaded<CallRecord | undefined>('call'),
    scopes: new Loaded<string | undefined>('scope'),
    leases: new Loaded<Lease | undefined>('lease'),
    accountLeases: new Loaded<string | undefined>('lease of the account'),
    expiring: new Loaded<readonly string[]>('leases that expire, of the account'),
    movements: new Loaded<LedgerEntry | undefined>('movement'),
    slots: new Loaded<readonly OwnedSlots[]>('slots'),
    callSlots: new Loaded<CallSlots | undefined>('slots of the call'),
    owners: new Loaded<number | undefined>('owner'),
    due: new Loaded<DueThings>('list of what is'),
  }
}

type Parts = ReturnType<typeof emptyLoaded>

export class LoadedView implements StateView {
  readonly #parts: Parts

  constructor(parts: Parts = emptyLoaded()) {
    this.#parts = parts
  }

  /** The same, for a batch that may fail and then leaves nothing behind. */
  fork(): LoadedView {
    const copies = Object.fromEntries(Object.entries(this.#parts).map(([name, part]) => [name, part.copy()])) as unknown as Parts
    return new LoadedView(copies)
  }

  /** Takes what lies behind the keys, if it has not yet, and says what it found. */
  load(keys: readonly FootprintKey[], source: LoadSource): FirstRound {
    const calls: CallRecord[] = []
    const leases: Lease[] = []
    const dueSubjects: string[] = []
    const { records, scopes, accountLeases, expiring, movements, slots, callSlots, owners, due } = this.#parts
    const addCall = (id: string, call: CallRecord | undefined): void => {
      if (!this.#parts.calls.has(id)) this.#parts.calls.set(id, call)
      if (call !== undefined) calls.push(call)
    }
    const addLease = (key: string, lease: Lease | undefined): void => {
      if (!this.#parts.leases.has(key)) this.#parts.leases.set(key, lease)
      if (lease !== undefined) leases.push(lease)
    }
    for (const key of keys) {
      switch (key.of) {
        case 'subject':
          if (!records.has(key.subject)) records.set(key.subject, source.record(key.subject))
          break
        case 'call':
          addCall(key.id, source.call(key.id))
          break
        case 'scope': {
          const call = source.callOfScope(key.scope)
          if (!scopes.has(key.scope)) scopes.set(key.scope, call?.id)
          if (call !== undefined) addCall(call.id, call)
          break
        }
        case 'lease':
          addLease(keyOf(key.api, key.id), source.lease(key.api, key.id))
          break
        case 'account-lease': {
          const lease = source.leaseOfAccount(key.accountId, key.id)
          const at = keyOf(key.accountId, key.id)
          if (!accountLeases.has(at)) accountLeases.set(at, lease && keyOf(lease.api, lease.id))
          if (lease !== undefined) addLease(keyOf(lease.api, lease.id), lease)
          break
        }
        case 'expiring-leases': {
          const found = source.expiringLeases(key.accountId)
          if (!expiring.has(key.accountId)) expiring.set(key.accountId, found.map(({ api, id }) => keyOf(api, id)))
          for (const lease of found) addLease(keyOf(lease.api, lease.id), lease)
          break
        }
        case 'movement': {
          const at = movementKey(key.movement)
          if (!movements.has(at)) movements.set(at, source.namedRow(key.movement))
          break
        }
        case 'slots': {
          const at = keyOf(key.subject, key.name)
          const found = source.slotsOn(key.subject, key.name)
          if (!slots.has(at)) slots.set(at, found.map((each) => ({ ...each })))
          for (const { owner } of found) if (owner !== undefined && !owners.has(owner)) owners.set(owner, source.livesUntilMs(owner))
          break
        }
        case 'call-slots': {
          const found = source.slotsOf(key.callId)
          if (!callSlots.has(key.callId)) callSlots.set(key.callId, found && { owner: found.owner, taken: [...found.taken], admissions: [...found.admissions] })
          break
        }
        case 'due': {
          const found = source.due(key.limit, key.leasesKeptMs)
          if (!due.has('due')) due.set('due', found)
          for (const call of found.calls) addCall(call.id, call)
          for (const lease of [...found.leases, ...found.ended]) addLease(keyOf(lease.api, lease.id), lease)
          dueSubjects.push(...found.subjects)
          break
        }
      }
    }
    return { calls, leases, dueSubjects }
  }

  /** Bound to this draft, since stages take it as a function. */
  readonly record = (subject: string): SubjectRecord => this.#parts.records.get(subject)
  readonly call = (id: string): CallRecord | undefined => this.#parts.calls.get(id)
  readonly lease = (api: string, id: string): Lease | undefined => this.#parts.leases.get(keyOf(api, id))
  readonly namedRow = (movement: NamedMovement): LedgerEntry | undefined => this.#parts.movements.get(movementKey(movement))
  readonly slotsOn = (subject: string, name: string): readonly OwnedSlots[] => this.#parts.slots.get(keyOf(subject, name))
  readonly slotsOf = (callId: string): CallSlots | undefined => this.#parts.callSlots.get(callId)
  readonly livesUntilMs = (owner: string): number | undefined => (this.#parts.owners.has(owner) ? this.#parts.owners.get(owner) : undefined)

  callOfScope(scope: string): CallRecord | undefined {
    const id = this.#parts.scopes.get(scope)
    return id === undefined ? undefined : this.call(id)
  }

  leaseOfAccount(accountId: string, id: string): Lease | undefined {
    const key = this.#parts.accountLeases.get(keyOf(accountId, id))
    return key === undefined ? undefined : this.#parts.leases.get(key)
  }

  readonly expiringLeases = (accountId: string): readonly Lease[] =>
    this.#parts.expiring
      .get(accountId)
      .flatMap((key) => this.#parts.leases.get(key) ?? [])
      .filter((lease) => leaseDueMs(lease) !== undefined)
      .toSorted((a, b) => (a.expiresAtMs ?? 0) - (b.expiresAtMs ?? 0))

  dueCalls(nowMs: number, limit: number): readonly CallRecord[] {
    return this.#due.calls.flatMap(({ id }) => this.call(id) ?? []).filter((call) => (callDueMs(call) ?? Infinity) <= nowMs).slice(0, limit)
  }

  dueLeases(nowMs: number, limit: number): readonly Lease[] {
    return this.#due.leases.flatMap(({ api, id }) => this.lease(api, id) ?? []).filter((lease) => (leaseDueMs(lease) ?? Infinity) <= nowMs).slice(0, limit)
  }

  dueSubjects(_nowMs: number, limit: number): readonly string[] {
    return this.#due.subjects.slice(0, limit)
  }

  forgettableCalls(_nowMs: number, limit: number): readonly string[] {
    return this.#due.forgettable.slice(0, limit)
  }

  endedLeases(byMs: number, limit: number): readonly Lease[] {
    return this.#due.ended.flatMap(({ api, id }) => this.lease(api, id) ?? []).filter(({ endedAtMs = Infinity }) => endedAtMs <= byMs).slice(0, limit)
  }

  get #due(): DueThings {
    return this.#parts.due.get('due')
  }

  /** What a decision changed, seen by the next one of the group. What it changed it had asked for, or made. */
  put(changes: Changes): void {
    const { records, calls, scopes, leases, accountLeases, expiring, movements, callSlots, owners } = this.#parts
    for (const { subject, record } of changes.records) records.set(subject, record)
    for (const [id, call] of changes.calls) {
      const former = calls.has(id) ? calls.get(id)?.claim?.scope : undefined
      if (former !== undefined && scopes.has(former) && scopes.get(former) === id) scopes.set(former, undefined)
      calls.set(id, call)
      if (call?.claim !== undefined) scopes.set(call.claim.scope, id)
    }
    for (const lease of changes.leases) {
      const key = keyOf(lease.api, lease.id)
      leases.set(key, lease)
      accountLeases.set(keyOf(lease.accountId, lease.id), key)
      if (expiring.has(lease.accountId)) expiring.set(lease.accountId, [...new Set([...expiring.get(lease.accountId), key])])
    }
    for (const { api, id, accountId } of changes.goneLeases) {
      leases.set(keyOf(api, id), undefined)
      accountLeases.set(keyOf(accountId, id), undefined)
    }
    for (const entry of changes.ledger) {
      const named = namedMovement(entry)
      if (named !== undefined) movements.set(movementKey(named), entry)
    }
    if (changes.slotsTaken !== undefined) {
      const { callId, owner, taken, admissions } = changes.slotsTaken
      const former = callSlots.has(callId) ? callSlots.get(callId) : undefined
      callSlots.set(callId, { owner: former?.owner ?? owner, taken: [...(former?.taken ?? []), ...taken], admissions: [...(former?.admissions ?? []), ...admissions] })
      this.#count({ owner: former?.owner ?? owner, taken, admissions }, 1)
    }
    for (const callId of changes.ended) {
      const freed = callSlots.has(callId) ? callSlots.get(callId) : undefined
      if (freed !== undefined) this.#count(freed, -1)
      callSlots.set(callId, undefined)
    }
    if (changes.beat !== undefined) owners.set(changes.beat.owner, changes.beat.untilMs)
  }

  #count({ owner, taken }: CallSlots, sign: 1 | -1): void {
    const { slots } = this.#parts
    for (const { subject, name, quantity } of taken) {
      const key = keyOf(subject, name)
      if (!slots.has(key)) continue
      const owned = slots.get(key)
      const own = owned.find((each) => each.owner === owner)?.quantity ?? 0
      slots.set(key, [...owned.filter((each) => each.owner !== owner), { owner, quantity: own + sign * quantity }])
    }
  }
}
