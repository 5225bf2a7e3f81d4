/** The sessions of every account, in memory: they live as long as the process, and those that ended no longer than a month. */
import { endedAtMsOf } from './session.ts'
import type { Session } from './session.ts'

export interface SessionRows {
  add(session: Session): void
  /** As if it had never been. */
  remove(session: Session): void
  /** Oldest first. */
  ofAccount(account: string): readonly Session[]
  /** Undefined for an unknown id, and for one of another account. */
  find(account: string, id: string): Session | undefined
  /** What this key has created, unless that failed: then the key may try again. */
  createdBy(account: string, idempotencyKey: string): Session | undefined
}

const DAY_MS = 86_400_000
const KEPT_MS = 30 * DAY_MS
/** As long as callers are promised that a repeated key does not buy twice. */
export const KEY_KEPT_MS = DAY_MS

export function createSessionRows(now: () => number): SessionRows {
  const accounts = new Map<string, readonly Session[]>()
  const ofAccount = (account: string) => accounts.get(account) ?? []
  return {
    add(session) {
      const kept = ofAccount(session.account).filter(({ state }) => endOf(state) > now() - KEPT_MS)
      accounts.set(session.account, [...kept, session])
    },
    remove: (session) => void accounts.set(session.account, ofAccount(session.account).filter((each) => each !== session)),
    ofAccount,
    find: (account, id) => ofAccount(account).find((session) => session.id === id),
    createdBy: (account, key) =>
      ofAccount(account).findLast(
        ({ idempotencyKey, state, createdAtMs }) => idempotencyKey === key && state.status !== 'failed' && createdAtMs > now() - KEY_KEPT_MS,
      ),
  }
}

function endOf(state: Session['state']): number {
  return endedAtMsOf(state) ?? (state.status === 'active' ? state.expiresAtMs : Infinity)
}
