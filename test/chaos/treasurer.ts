/** Gives the poor account money, some of which expires soon; asks again under the same id until it knows what became of it. */
import type { Grant } from './history.ts'
import type { Random } from './random.ts'
import { ADMIN_TOKEN } from './shop.ts'
import type { Time } from './time.ts'

export interface Treasurer {
  /** Resolves to all that it gave, or tried to. */
  stop(): Promise<readonly Grant[]>
}

/** Undefined: nobody knows. */
export type Give = (id: string, units: number, expiresAtMs: number | undefined) => Promise<boolean | undefined>

const AGAIN_MS = 20

export function createTreasurer(give: Give, time: Time, random: Random): Treasurer {
  const grants: Grant[] = []
  const stopping = new AbortController()

  async function work(): Promise<void> {
    while (!stopping.signal.aborted) {
      const id = `g${grants.length}`
      const units = random.whole(1, 150)
      const expiresAtMs = random.chance(0.4) ? time.nowMs() + random.whole(200, 2_000) : undefined
      let done = await give(id, units, expiresAtMs)
      while (done === undefined && !stopping.signal.aborted) {
        await time.pause(AGAIN_MS)
        done = await give(id, units, expiresAtMs)
      }
      // A nervous one asks again.
      if (done === true && random.chance(0.3)) await give(id, units, expiresAtMs)
      grants.push({ account: 'poor', id, units, acknowledged: done === true })
      await time.pause(random.whole(50, 300))
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

/** Through the admin API. */
export function giveOver(adminUrl: string): Give {
  return async (id, units, expiresAtMs) => {
    try {
      const answer = await fetch(`${adminUrl}/v1/accounts/poor/grants`, {
        method: 'POST',
        headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' },
        body: JSON.stringify({ amount: (units / 100).toFixed(2), reason: 'more', grantId: id, ...(expiresAtMs !== undefined && { expiresAt: new Date(expiresAtMs).toISOString() }) }),
      })
      await answer.arrayBuffer()
      return answer.ok
    } catch {
      return undefined
    }
  }
}
