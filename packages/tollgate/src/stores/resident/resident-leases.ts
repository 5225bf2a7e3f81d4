/** Leases in memory: most that live, and what the disk does not have yet. Others, as tombstones, are loaded by who asks for one. */
import type { Lease } from '../../engine/calls/lease-record.ts'
import { leaseDueMs } from '../../engine/state.ts'
import type { DiskContents, LeaseRow } from './disk.ts'
import { accountLeaseKey, leaseKey } from './disk-key.ts'
import { earliestOf } from './earliest.ts'
import type { FreshRows } from './fresh-rows.ts'
import { parseRow } from '../stored-json.ts'

export interface ResidentLeases {
  /** Throws a NotLoaded where only the disk knows. */
  get(api: string, id: string): Lease | undefined
  ofAccount(accountId: string, id: string): Lease | undefined
  has(api: string, id: string): boolean
  hasOfAccount(accountId: string, id: string): boolean
  expiring(accountId: string): readonly Lease[]
  set(api: string, id: string, lease: Lease | undefined): void
  /** Returns what puts it back as it is now: among what waits, or as the disk has it. */
  remember(api: string, id: string): () => void
  due(nowMs: number, limit: number): readonly Lease[]
  ended(byMs: number, limit: number): readonly Lease[]
  /** When the first of those falls due that wait to be written. */
  earliestMs(): number
  waiting(): number
  write(): { readonly gone: readonly (readonly [api: string, id: string])[]; readonly rows: readonly LeaseRow[]; readonly written: () => void }
}

/** Enough to say when a session comes free; nobody waits for the hundredth to expire. */
const EXPIRING_MAX = 100

export function createResidentLeases({ leases }: DiskContents, fresh: FreshRows): ResidentLeases {
  const living = new Map<string, Lease>()
  const changed = new Map<string, Lease | undefined>()
  /** Of each account: where its leases are that live or changed, by id. */
  const byAccount = new Map<string, Map<string, string>>()
  const resident = (key: string): Lease | undefined => (changed.has(key) ? changed.get(key) : living.get(key))

  for (const json of leases) {
    try {
      live(parseRow<Lease>(json))
    } catch {
      // Damaged: whoever asks for it hears so from the disk.
    }
  }

  function index(lease: Lease, key: string): void {
    const own = byAccount.get(lease.accountId) ?? new Map<string, string>()
    byAccount.set(lease.accountId, own.set(lease.id, key))
  }

  function live(lease: Lease): void {
    const key = leaseKey(lease.api, lease.id)
    living.set(key, lease)
    index(lease, key)
  }

  function unindex(lease: Lease | undefined, key: string): void {
    if (lease === undefined) return
    const own = byAccount.get(lease.accountId)
    if (own?.get(lease.id) === key) own.delete(lease.id)
    if (own?.size === 0) byAccount.delete(lease.accountId)
  }

  /** The disk has it now. */
  function settleDown(key: string, lease: Lease | undefined): void {
    changed.delete(key)
    const known = lease ?? living.get(key)
    fresh.drop(key)
    if (known !== undefined) fresh.drop(accountLeaseKey(known.accountId, known.id))
    unindex(known, key)
    living.delete(key)
    if (lease?.state === 'active') live(lease)
  }

  const parsed = (text: string | undefined): Lease | undefined => (text === undefined ? undefined : parseRow<Lease>(text))
  const read = (key: string): Lease | undefined => (changed.has(key) ? changed.get(key) : (living.get(key) ?? parsed(fresh.get(key))))

  return {
    get: (api, id) => read(leaseKey(api, id)),
    ofAccount(accountId, id) {
      const key = byAccount.get(accountId)?.get(id)
      const known = key === undefined ? undefined : resident(key)
      if (known !== undefined) return known
      const stored = parsed(fresh.get(accountLeaseKey(accountId, id)))
      if (stored === undefined) return undefined
      // It may have changed since.
      const itsKey = leaseKey(stored.api, stored.id)
      return changed.has(itsKey) ? changed.get(itsKey) : stored
    },
    has: (api, id) => changed.has(leaseKey(api, id)) || living.has(leaseKey(api, id)) || fresh.has(leaseKey(api, id)),
    hasOfAccount: (accountId, id) => byAccount.get(accountId)?.has(id) === true || fresh.has(accountLeaseKey(accountId, id)),
    expiring(accountId) {
      const own = [...(byAccount.get(accountId)?.values() ?? [])].flatMap((key) => resident(key) ?? []).filter((lease) => leaseDueMs(lease) !== undefined)
      return own.toSorted((a, b) => (a.expiresAtMs ?? 0) - (b.expiresAtMs ?? 0)).slice(0, EXPIRING_MAX)
    },
    set(api, id, lease) {
      const key = leaseKey(api, id)
      if (lease === undefined) unindex(resident(key), key)
      else index(lease, key)
      changed.set(key, lease)
    },
    remember(api, id) {
      const key = leaseKey(api, id)
      const [wasChanged, lease] = [changed.has(key), changed.get(key)]
      return () => {
        unindex(resident(key), key)
        if (wasChanged) changed.set(key, lease)
        else changed.delete(key)
        const known = resident(key)
        if (known !== undefined) index(known, key)
      }
    },
    due(nowMs, limit) {
      const stored = fresh.due.leases.map(([api, id]) => leaseKey(api, id))
      return [...new Set([...stored, ...changed.keys()])].flatMap((key) => read(key) ?? []).filter((lease) => (leaseDueMs(lease) ?? Infinity) <= nowMs).slice(0, limit)
    },
    ended(byMs, limit) {
      const stored = fresh.due.ended.map((lease) => [leaseKey(lease.api, lease.id), lease] as const).filter(([key]) => !living.has(key))
      const candidates = new Map([...stored, ...changed])
      return [...candidates.values()].filter((lease) => lease !== undefined).filter((lease) => (lease.endedAtMs ?? Infinity) <= byMs).slice(0, limit)
    },
    earliestMs: () => earliestOf(changed.values(), (lease) => lease && leaseDueMs(lease)),
    waiting: () => changed.size,
    write() {
      const going = [...changed]
      return {
        gone: going.filter(([, lease]) => lease === undefined).map(([key]) => JSON.parse(key.slice(1)) as [string, string]),
        rows: going.flatMap(([, lease]) => (lease === undefined ? [] : [toRow(lease)])),
        written() {
          for (const [key, lease] of going) if (changed.get(key) === lease) settleDown(key, lease)
        },
      }
    },
  }
}

function toRow(lease: Lease): LeaseRow {
  const { api, id, accountId, state, createdAtMs, endedAtMs } = lease
  return [api, id, accountId, state, createdAtMs, leaseDueMs(lease) ?? null, endedAtMs ?? null, JSON.stringify(lease)]
}
