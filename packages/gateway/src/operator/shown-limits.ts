/** What limits a reading, as operators read it: what nothing limits says so, and has nothing remaining. */
import type { Reading } from 'tollgate/engine'
import { z } from 'zod'

export const limitOrUnlimited = z.union([z.number(), z.literal('unlimited')])

export function showLimits({ limit, remaining, unlimited }: Reading): { readonly limit: number | 'unlimited'; readonly remaining: number | undefined } {
  return unlimited === true ? { limit: 'unlimited', remaining: undefined } : { limit, remaining }
}
