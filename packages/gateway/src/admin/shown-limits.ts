/** What limits a reading, as operators read it: what nothing limits says so, and has nothing remaining. */
import type { Reading } from 'tollgate/admission'

export function shownLimits({ limit, remaining, unlimited }: Reading): { readonly limit: number | 'unlimited'; readonly remaining?: number } {
  return unlimited === true ? { limit: 'unlimited' } : { limit, remaining }
}
