/**
 * Which gateways share the store, as each of them tells: a row of its own, written anew every ten seconds. Who is alive is told from whether its row moves, not from what
 * its clock says: clocks differ. While the store does not answer nobody can be seen to go, so that the last count holds.
 */
import type { Documents } from 'tollgate/directory'
import type { Clock } from 'tollgate/engine'
import { applyOne } from 'tollgate/stores'

const COLLECTION = 'gateways'
const EVERY_MS = 10_000
/** Once after the start: those that start together do not see each other at first, and each would take all of a limit for its share. */
const EARLY_MS = 1_000
/** Looks at a row that stands still until it counts as that of one who is gone, and until it is deleted. */
const GONE_AFTER = 3
const DELETED_AFTER = 30
const FLEET_MAX = 1_000

/** What a gateway says of itself. */
export interface GatewayAbout {
  readonly host: string
  readonly pid: number
  readonly startedAtMs: number
  readonly version: string
}

export interface FleetMember extends GatewayAbout {
  readonly id: string
}

export interface Fleet {
  /** How many live, this one among them: at least one. */
  count(): number
  members(): readonly FleetMember[]
  /** Whether this gateway does what one of them is enough for. Two may think so for a while, or none: what depends on it must bear that. */
  isFirst(): boolean
  stop(): Promise<void>
}

export interface FleetOptions {
  readonly store: Pick<Documents, 'list' | 'apply'>
  readonly clock: Pick<Clock, 'after'>
  /** The name of this gateway. */
  readonly owner: string
  readonly about: GatewayAbout
}

interface Seen {
  readonly version: number
  readonly still: number
  readonly member: FleetMember
}

/** Of a gateway that shares its store with nobody. */
export function fleetOfOne(owner: string, about: GatewayAbout): Fleet {
  return { count: () => 1, members: () => [{ id: owner, ...about }], isFirst: () => true, stop: async () => undefined }
}

/** Resolves when this one has told of itself and seen the others. What fails is tried again; whoever needs the store says that it fails. */
export async function startFleet({ store, clock, owner, about }: FleetOptions): Promise<Fleet> {
  let seen: ReadonlyMap<string, Seen> = new Map()
  let cancel: (() => void) | undefined
  let isStopped = false

  const alive = (): readonly FleetMember[] => [...seen.values()].flatMap(({ still, member }) => (still < GONE_AFTER && member.id !== owner ? [member] : []))

  async function look(isEarly: boolean): Promise<void> {
    await applyOne(store, { kind: 'put', collection: COLLECTION, id: owner, value: about })
    const rows = await store.list(COLLECTION, { limit: FLEET_MAX })
    const next = new Map<string, Seen>()
    for (const { id, version, value } of rows) {
      const before = seen.get(id)
      next.set(id, { version, still: before?.version === version ? before.still + (isEarly ? 0 : 1) : 0, member: { ...(value as GatewayAbout), id } })
    }
    seen = next
    for (const [id, { still }] of next) if (still >= DELETED_AFTER) await applyOne(store, { kind: 'delete', collection: COLLECTION, id })
  }

  async function lookThenWait(nth: number): Promise<void> {
    await look(nth === 2).catch(() => undefined)
    if (!isStopped) cancel = clock.after(nth === 1 ? EARLY_MS : EVERY_MS, () => (looking = lookThenWait(nth + 1)))
  }

  let looking = lookThenWait(1)
  await looking
  return {
    count: () => alive().length + 1,
    members: () => [{ id: owner, ...about }, ...alive()].toSorted((one, other) => (one.id < other.id ? -1 : 1)),
    isFirst: () => alive().every(({ id }) => owner < id),
    async stop() {
      isStopped = true
      cancel?.()
      await looking
      await applyOne(store, { kind: 'delete', collection: COLLECTION, id: owner }).catch(() => undefined)
    },
  }
}
