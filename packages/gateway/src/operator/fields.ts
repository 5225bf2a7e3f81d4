/** Fields that several operations of the admin API share. */
import { z } from 'zod'
import { integer } from '../config/read/scalars.ts'
import { parseDuration } from '../config/read/units.ts'

export const shortText = z.string().trim().min(1, 'must not be empty').max(200, 'must be at most 200 characters')

const EXAMPLE = '2026-01-31T12:30:00Z'

/** An instant as people and JSON write it; epoch milliseconds inside. */
export const instant = z.iso.datetime({ offset: true, error: `must be an instant such as ${EXAMPLE}` }).transform((text) => Date.parse(text))

/** An instant, or a span of time before or after now. */
export type Moment = { readonly kind: 'instant'; readonly atMs: number } | { readonly kind: 'span'; readonly ms: number }

/** Before now: an instant, or how long ago. */
export const since = moment('how long ago')
/** After now: an instant, or in how long. */
export const until = moment('in how long')

function moment(span: string) {
  return z
    .string()
    .transform((text, context): Moment => {
      const ms = parseDuration(text)
      if (ms !== undefined) return { kind: 'span', ms }
      const read = instant.safeParse(text)
      if (read.success) return { kind: 'instant', atMs: read.data }
      context.addIssue(`must be an instant such as ${EXAMPLE}, or ${span}: 30m, 24h, 7d`)
      return z.NEVER
    })
    .meta({ examples: [EXAMPLE, '24h'] })
}

export function sinceMs(from: Moment, nowMs: number): number {
  return from.kind === 'instant' ? from.atMs : nowMs - from.ms
}

export function untilMs(to: Moment, nowMs: number): number {
  return to.kind === 'instant' ? to.atMs : nowMs + to.ms
}

export function instantText(atMs: number): string {
  return new Date(atMs).toISOString()
}

/** For what may never come. */
export function instantTextOf(atMs: number | undefined): string | undefined {
  return atMs === undefined ? undefined : instantText(atMs)
}

/** An instant within a reply. */
export function instantOf(words: string) {
  return z.string().meta({ description: words, format: 'date-time', examples: [EXAMPLE] })
}

export const truth = z.enum(['true', 'false']).transform((text) => text === 'true')

const after = z.string().describe('goes on after this row: what the page before gave as `next`')
const next = z.string().optional().describe('to ask for as `after`, where there may be more')

export function limitOf(usual: number) {
  return integer(1, 1_000).default(usual).describe('at most so many rows')
}

export const page = { after: after.optional(), limit: limitOf(100) }
export const nextPage = { next }

/** `next`: what to send as `after` for the page that follows, if there may be one. */
export function nextOf<Row>(rows: readonly Row[], limit: number, cursorOf: (row: Row) => string): string | undefined {
  const last = rows.length < limit ? undefined : rows.at(-1)
  return last === undefined ? undefined : cursorOf(last)
}

/** In the path. */
export const accountParams = z.object({ id: z.string().describe('the account') })
export const keyParams = z.object({ id: z.string().describe('the key, by its id') })
