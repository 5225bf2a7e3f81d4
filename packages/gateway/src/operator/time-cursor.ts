/** The cursor of lists that are ordered by creation, then by id: the last row of the page before, `1795342800000.req_1`. */
import { z } from 'zod'

export interface TimeCursor {
  readonly createdAtMs: number
  readonly id: string
}

export function formatCursor({ createdAtMs, id }: TimeCursor): string {
  return `${createdAtMs}.${id}`
}

export const timeCursor = z
  .string()
  .transform((text, context): TimeCursor => {
    const [, createdAt, id] = /^(\d{1,15})\.(.{1,300})$/s.exec(text) ?? []
    if (createdAt !== undefined && id !== undefined) return { createdAtMs: Number(createdAt), id }
    context.addIssue('must be what a page before gave as next')
    return z.NEVER
  })
  .describe('goes on after this row: what the page before gave as `next`')
