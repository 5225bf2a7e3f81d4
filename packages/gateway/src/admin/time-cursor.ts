/** The cursor of lists that are ordered by creation, then by id: the last row of the page before, `1795342800000.req_1`. */
import { quote } from '../config/problem.ts'
import { invalid, type Input } from './admin-route.ts'

export interface TimeCursor {
  readonly createdAtMs: number
  readonly id: string
}

export function formatCursor({ createdAtMs, id }: TimeCursor): string {
  return `${createdAtMs}.${id}`
}

export function parseCursor(text: string | undefined): Input<TimeCursor | undefined> {
  if (text === undefined) return { value: undefined }
  const [, createdAt, id] = /^(\d{1,15})\.(.{1,300})$/s.exec(text) ?? []
  return createdAt === undefined || id === undefined ? invalid('after', `${quote(text)} must be what a page before gave as next`) : { value: { createdAtMs: Number(createdAt), id } }
}
