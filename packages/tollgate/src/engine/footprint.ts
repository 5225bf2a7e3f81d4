/**
 * What a decision may read, named before it reads: a store whose truth lies elsewhere loads that, decides over it, and writes what changed.
 *
 * Two rounds, never a third: what a command names, which stands beside its decision, and what was found there names in its turn: the subjects of a call's
 * holds, the owners of slots. Who keeps others away from what it loads, by locks or by versions that it compares, decides as if it were alone.
 */
import type { CallRecord, TakenLease } from './calls/call-record.ts'
import type { Lease } from './calls/lease-record.ts'
import type { LedgerEntry, NamedMovement } from './money/ledger.ts'
import type { CallSlots, OwnedSlots } from './meters/slot-book.ts'
import type { SubjectRecord } from './meters/subject-record.ts'

/** One thing to load. */
export type FootprintKey =
  | { readonly of: 'subject'; readonly subject: string }
  | { readonly of: 'call'; readonly id: string }
  /** The call that has this scope now. */
  | { readonly of: 'scope'; readonly scope: string }
  | { readonly of: 'lease'; readonly api: string; readonly id: string }
  | { readonly of: 'account-lease'; readonly accountId: string; readonly id: string }
  /** Living leases of the account that will expire. */
  | { readonly of: 'expiring-leases'; readonly accountId: string }
  | { readonly of: 'movement'; readonly movement: NamedMovement }
  /** Those of all calls on one meter that are not past their deadline. */
  | { readonly of: 'slots'; readonly subject: string; readonly name: string }
  | { readonly of: 'call-slots'; readonly callId: string }
  | { readonly of: 'owner'; readonly owner: string }
  /** What time alone has made due, and what may be forgotten, the earliest first, of each kind at most so many. */
  | { readonly of: 'due'; readonly limit: number; readonly leasesKeptMs: number }

/** What is due at one instant. */
export interface DueThings {
  /** Past their deadline and not done. */
  readonly calls: readonly CallRecord[]
  /** Past their expiry and active. */
  readonly leases: readonly Lease[]
  /** With grants that have expired. */
  readonly subjects: readonly string[]
  /** Done calls that need not be kept any longer, by id. */
  readonly forgettable: readonly string[]
  /** Tombstones that have been kept long enough. */
  readonly ended: readonly Lease[]
}

/** What lies behind each kind of key. */
interface Found {
  readonly subject: SubjectRecord
  readonly call: CallRecord | undefined
  readonly scope: CallRecord | undefined
  readonly lease: Lease | undefined
  readonly 'account-lease': Lease | undefined
  readonly 'expiring-leases': readonly Lease[]
  readonly movement: LedgerEntry | undefined
  readonly slots: readonly OwnedSlots[]
  readonly 'call-slots': CallSlots | undefined
  /** Until when its last heartbeat lets it live. */
  readonly owner: number | undefined
  readonly due: DueThings
}

/** A key, and what was found behind it. */
export type Finding = { readonly [K in FootprintKey['of']]: Extract<FootprintKey, { readonly of: K }> & { readonly found: Found[K] } }[FootprintKey['of']]

export const subjectKey = ({ subject }: { readonly subject: string }): FootprintKey => ({ of: 'subject', subject })

/** A call, and the slots that it has without a record. */
export const callKeys = (id: string): readonly FootprintKey[] => [
  { of: 'call', id },
  { of: 'call-slots', callId: id },
]

/**
 * The second round: what calls and leases hold is in the records of subjects, and slots count as long as their owner lives.
 *
 * @example
 * const furtherOf = (owner: string) => furtherFootprint([{ of: 'slots', subject: 'account:acme', name: 'parallel', found: [{ owner, quantity: 1 }] }])
 * furtherOf('gateway 1') // => [{ of: 'owner', owner: 'gateway 1' }]
 */
export function furtherFootprint(findings: readonly Finding[]): readonly FootprintKey[] {
  const calls = new Map<string, CallRecord>()
  const subjects = new Set<string>()
  const owners = new Set<string>()
  const addTaken = (taken: readonly TakenLease[]): void => taken.forEach(({ subject }) => subjects.add(subject))
  const addCall = (call: CallRecord | undefined): void => void (call && calls.set(call.id, call))
  const addOwner = (owner: string | undefined): void => void (owner !== undefined && owners.add(owner))
  for (const finding of findings) {
    switch (finding.of) {
      case 'call':
      case 'scope':
        addCall(finding.found)
        break
      case 'lease':
      case 'account-lease':
        addTaken(finding.found?.taken ?? [])
        break
      case 'expiring-leases':
        for (const { taken } of finding.found) addTaken(taken)
        break
      case 'slots':
        for (const { owner } of finding.found) addOwner(owner)
        break
      case 'due':
        finding.found.calls.forEach(addCall)
        for (const { taken } of finding.found.leases) addTaken(taken)
        for (const subject of finding.found.subjects) subjects.add(subject)
        break
      case 'call-slots':
        addOwner(finding.found?.owner)
        break
      case 'subject':
      case 'movement':
      case 'owner':
    }
  }
  for (const { holds, counts = [], reserved = [], leases } of calls.values()) {
    for (const { subject } of [...holds, ...counts, ...reserved]) subjects.add(subject)
    addTaken(leases)
  }
  return [
    ...[...subjects].map((subject) => subjectKey({ subject })),
    ...[...calls.keys()].map((callId): FootprintKey => ({ of: 'call-slots', callId })),
    ...[...owners].map((owner): FootprintKey => ({ of: 'owner', owner })),
  ]
}
