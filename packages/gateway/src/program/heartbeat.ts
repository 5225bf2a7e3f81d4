import type { Clock, Counters } from 'tollgate/engine'
import { applyOne } from 'tollgate/stores'

/** How long the slots of a gateway that is gone count for others. */
export const BEAT_TTL_MS = 10_000
/** Two beats may be lost. */
const BEAT_EVERY_MS = 3_000

export interface HeartbeatOptions {
  readonly store: Counters
  readonly clock: Pick<Clock, 'after'>
  readonly owner: string
}

/** Tells the store now and every few seconds that the owner of slots lives, until the returned function has stopped it. A store that fails is said by who needs it. */
export async function startHeartbeat({ store, clock, owner }: HeartbeatOptions): Promise<() => void> {
  let cancel: (() => void) | undefined
  let stopped = false

  async function beat(): Promise<void> {
    await applyOne(store, { kind: 'beat', owner, ttlMs: BEAT_TTL_MS }).catch(() => undefined)
    if (!stopped) cancel = clock.after(BEAT_EVERY_MS, () => void beat())
  }

  await beat()
  return () => {
    stopped = true
    cancel?.()
  }
}
