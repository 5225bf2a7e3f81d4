/** Gives the poor account money through the admin API, some of which expires soon; asks again under the same id until it knows what became of it. */
import { setTimeout as pause } from 'node:timers/promises'
import type { Grant } from './history.ts'
import type { Random } from './random.ts'
import { ADMIN_TOKEN } from './shop.ts'

export interface Treasurer {
  /** Resolves to all that it gave, or tried to. */
  stop(): Promise<readonly Grant[]>
}

const AGAIN_MS = 20

export function createTreasurer(adminUrl: string, random: Random): Treasurer {
  const grants: Grant[] = []
  const stopping = new AbortController()

  /** Undefined: nobody knows. */
  async function give(id: string, units: number, expiresAt: string | undefined): Promise<boolean | undefined> {
    try {
      const answer = await fetch(`${adminUrl}/v1/accounts/poor/grants`, {
        method: 'POST',
        headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' },
        body: JSON.stringify({ amount: (units / 100).toFixed(2), reason: 'more', grantId: id, ...(expiresAt !== undefined && { expiresAt }) }),
      })
      await answer.arrayBuffer()
      return answer.ok
    } catch {
      return undefined
    }
  }

  async function work(): Promise<void> {
    while (!stopping.signal.aborted) {
      const id = `g${grants.length}`
      const units = random.whole(1, 150)
      const expiresAt = random.chance(0.4) ? new Date(Date.now() + random.whole(200, 2_000)).toISOString() : undefined
      let done = await give(id, units, expiresAt)
      while (done === undefined && !stopping.signal.aborted) {
        await pause(AGAIN_MS)
        done = await give(id, units, expiresAt)
      }
      // A nervous one asks again.
      if (done === true && random.chance(0.3)) await give(id, units, expiresAt)
      grants.push({ account: 'poor', id, units, acknowledged: done === true })
      await pause(random.whole(50, 300))
    }
  }

  const working = work()
  return {
    async stop() {
      stopping.abort()
      await working
      return grants
    },
  }
}
