/** What was loaded, by its key. It throws on what was not asked for: a key that is missing in a footprint is an error of this program, and no empty record. */
import type { CallRecord } from './calls/call-record.ts'
import type { Lease } from './calls/lease-record.ts'
import type { DueThings, Finding, FootprintKey } from './footprint.ts'
import { describeKey, KeyMap } from './key-map.ts'
import type { CallSlots, OwnedSlots } from './meters/slot-book.ts'
import type { SubjectRecord } from './meters/subject-record.ts'
import type { LedgerEntry } from './money/ledger.ts'

/** A decision asked for what its footprint does not name. */
export class NotLoadedError extends Error {
  override readonly name = 'NotLoadedError'
}

/** By which a lease is found. */
export type LeaseName = Pick<Lease, 'api' | 'id'>

/** Each call and each lease is kept once; who finds it in another way finds its name there. */
interface Kept {
  readonly subject: SubjectRecord
  readonly call: CallRecord | undefined
  readonly scope: string | undefined
  readonly lease: Lease | undefined
  readonly 'account-lease': LeaseName | undefined
  readonly 'expiring-leases': readonly LeaseName[]
  readonly movement: LedgerEntry | undefined
  readonly slots: readonly OwnedSlots[]
  readonly 'call-slots': CallSlots | undefined
  readonly owner: number | undefined
  readonly due: DueThings
}

type KeyOf<K extends FootprintKey['of']> = Extract<FootprintKey, { readonly of: K }>

export class LoadedParts {
  readonly #kept = new KeyMap<unknown>()
  /** What was put over it hides what is there. */
  readonly #under: LoadedParts | undefined

  constructor(under?: LoadedParts) {
    this.#under = under
  }

  /** What is put over it leaves this one as it is. */
  over(): LoadedParts {
    return new LoadedParts(this)
  }

  has(key: FootprintKey): boolean {
    return this.#kept.has(key) || (this.#under !== undefined && this.#under.has(key))
  }

  get<K extends FootprintKey['of']>(key: KeyOf<K> & { readonly of: K }): Kept[K] {
    const found = this.peek<K>(key)
    if (found === undefined && !this.has(key)) throw new NotLoadedError(`the footprint does not name the ${describeKey(key)}`)
    return found as Kept[K]
  }

  /** Undefined also where it was not loaded. */
  peek<K extends FootprintKey['of']>(key: KeyOf<K> & { readonly of: K }): Kept[K] | undefined {
    const own = this.#kept.get(key) as Kept[K] | undefined
    return own !== undefined || this.#under === undefined || this.#kept.has(key) ? own : this.#under.peek<K>(key)
  }

  set<K extends FootprintKey['of']>(key: KeyOf<K> & { readonly of: K }, value: Kept[K]): void {
    this.#kept.set(key, value)
  }

  /** What is there already stays as it is: decisions may have changed it. */
  add(finding: Finding): void {
    switch (finding.of) {
      case 'subject':
        return this.#addNew(finding, finding.found)
      case 'call':
        return this.#addNew(finding, finding.found)
      case 'scope':
        this.#addCall(finding.found)
        return this.#addNew(finding, finding.found?.id)
      case 'lease':
        return this.#addNew(finding, finding.found)
      case 'account-lease':
        this.#addLeases(finding.found === undefined ? [] : [finding.found])
        return this.#addNew(finding, finding.found)
      case 'expiring-leases':
        this.#addLeases(finding.found)
        return this.#addNew(finding, finding.found)
      case 'movement':
        return this.#addNew(finding, finding.found)
      case 'slots':
        return this.#addNew(finding, finding.found)
      case 'call-slots':
        return this.#addNew(finding, finding.found)
      case 'owner':
        return this.#addNew(finding, finding.found)
      case 'due':
        finding.found.calls.forEach((call) => this.#addCall(call))
        this.#addLeases([...finding.found.leases, ...finding.found.ended])
        return this.#addNew(finding, finding.found)
    }
  }

  #addNew<K extends FootprintKey['of']>(key: KeyOf<K> & { readonly of: K }, value: Kept[K]): void {
    if (!this.has(key)) this.set(key, value)
  }

  #addCall(call: CallRecord | undefined): void {
    if (call !== undefined) this.#addNew({ of: 'call', id: call.id }, call)
  }

  #addLeases(leases: readonly Lease[]): void {
    for (const lease of leases) this.#addNew({ of: 'lease', api: lease.api, id: lease.id }, lease)
  }
}
