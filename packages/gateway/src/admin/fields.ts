/** Fields that several operations of the admin API share. */
import { z } from 'zod'
import { integer } from '../config/scalars.ts'
import { parseDuration } from '../config/units.ts'

export const shortText = z.string().trim().min(1, 'must not be empty').max(200, 'must be at most 200 characters')

/** An instant as people and JSON write it; epoch milliseconds inside. */
export const instant = z.iso
  .datetime({ offset: true, error: 'must be an instant such as 2026-01-31T12:30:00Z' })
  .transform((text) => Date.parse(text))

/** Since when: an instant, or how long ago. */
export const since = z.string().transform((text, context): { readonly atMs: number } | { readonly agoMs: number } => {
  const agoMs = parseDuration(text)
  if (agoMs !== undefined) return { agoMs }
  const read = instant.safeParse(text)
  if (read.success) return { atMs: read.data }
  context.addIssue('must be an instant such as 2026-01-31T12:30:00Z, or how long ago: 30m, 24h, 7d')
  return z.NEVER
})

export function sinceMs(from: { readonly atMs: number } | { readonly agoMs: number }, nowMs: number): number {
  return 'atMs' in from ? from.atMs : nowMs - from.agoMs
}

export function instantText(atMs: number): string {
  return new Date(atMs).toISOString()
}

export const page = { after: z.string().exactOptional(), limit: integer(1, 1_000).default(100) }

/** `next`: what to send as `after` for the page that follows, if there may be one. */
export function pageOf(rows: readonly { readonly id: string }[], limit: number): { readonly next?: string } {
  const last = rows.length < limit ? undefined : rows.at(-1)
  return last === undefined ? {} : { next: last.id }
}

/** A merge patch of limits by meter: null takes one away, or all. */
export function mergeLimits(
  limits: { readonly [meter: string]: number } | undefined,
  change: { readonly [meter: string]: number | null } | null | undefined,
): { readonly [meter: string]: number } | undefined {
  if (change === undefined) return limits
  const merged = Object.entries({ ...limits, ...change }).filter((entry): entry is [string, number] => entry[1] !== null)
  return change === null || merged.length === 0 ? undefined : Object.fromEntries(merged)
}
