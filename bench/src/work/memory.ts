/** Limits of 100,000 accounts in memory, one admission after the other, and the heap that an account takes after its first request. */
import { RateLimiterMemory } from 'rate-limiter-flexible'
import type { Take } from 'tollgate/engine'
import { applyOne } from 'tollgate/stores'
import { createMemoryStore } from 'tollgate/stores/memory'
import { createSubjects, createTaking } from './meters.ts'
import { createVisits, type CreateWork } from './work.ts'

const ACCOUNTS = 100_000
const BATCH = 1_000

/** Counts one request of a subject, and says whether it may pass. */
type Admit = (subject: string) => Promise<boolean>

/** `admitsTwo` is the same limiter with a limit of two. */
async function createLimiting(admit: Admit, admitsTwo: Admit): ReturnType<CreateWork> {
  const subjects = createSubjects(ACCOUNTS)
  const next = createVisits(ACCOUNTS)
  let bytes: number | undefined

  /** Each account's first request. */
  async function fill(): Promise<number> {
    const before = usedBytes()
    for (const subject of subjects) await admit(subject)
    bytes = (usedBytes() - before) / ACCOUNTS
    return ACCOUNTS
  }

  return {
    bytes: () => bytes ?? Number.NaN,
    async check() {
      const answers = [await admitsTwo('other'), await admitsTwo('other'), await admitsTwo('other')]
      if (answers.join() !== 'true,true,false') throw new Error(`three requests of a limit of two: ${answers.join()}`)
    },
    async batch() {
      if (bytes === undefined) return fill()
      for (let count = 0; count < BATCH; count += 1) {
        if (!(await admit(subjects[next()] ?? ''))) throw new Error('refused')
      }
      return BATCH
    },
  }
}

function usedBytes(): number {
  globalThis.gc?.()
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}

export function createTollgateLimiting(algorithm: 'buckets' | 'fixed'): CreateWork {
  return () => {
    const store = createMemoryStore({ clock: { wallMs: Date.now } })
    const takesOf = createTaking(algorithm)
    const ask = async (takes: readonly Take[]): Promise<boolean> => (await applyOne(store, { kind: 'admit', takes })).admitted
    return createLimiting(
      (subject) => ask(takesOf(subject)),
      (subject) => ask(takesOf(subject).map((take) => ({ ...take, limit: 2 }))),
    )
  }
}

export function createFlexibleLimiting(durationsSeconds: readonly number[]): CreateWork {
  return () => {
    const createAdmit = (points: number): Admit => {
      const limiters = durationsSeconds.map((duration) => new RateLimiterMemory({ points, duration, keyPrefix: String(duration) }))
      return async (subject) => {
        try {
          for (const limiter of limiters) await limiter.consume(subject)
          return true
        } catch {
          return false
        }
      }
    }
    return createLimiting(createAdmit(1_000_000_000), createAdmit(2))
  }
}
