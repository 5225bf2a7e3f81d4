/** What operators did, newest first: `audit`, by falling instant. */
import type { Clock } from '../engine/clock.ts'
import type { DirectoryRows } from './directory-rows.ts'

/** One line of the audit trail. Never a secret. */
export interface AuditRow {
  readonly id: string
  readonly atMs: number
  /** `account.create`, `key.revoke`, … */
  readonly action: string
  /** JSON: who, what, before and after. */
  readonly detail: { readonly [name: string]: unknown }
}

/** Ids count down from here, so that the store's order by id is newest first. Later than any instant, in 15 digits. */
const LAST_INSTANT_MS = 999_999_999_999_999

export function createAuditTrail(rows: DirectoryRows, clock: Clock): (action: string, detail: AuditRow['detail']) => Promise<void> {
  return async (action, detail) => {
    const atMs = clock.wallMs()
    const falling = String(LAST_INSTANT_MS - atMs).padStart(15, '0')
    // Rows of one millisecond: the first number that is free, also falling.
    for (let number = 9_999; number >= 0; number -= 1) {
      const id = `${falling}-${String(number).padStart(4, '0')}`
      const { written } = await rows.put('audit', id, { id, atMs, action, detail } satisfies AuditRow, { expect: 0 })
      if (written) return
    }
    throw new Error('10,000 audit rows within one millisecond')
  }
}
