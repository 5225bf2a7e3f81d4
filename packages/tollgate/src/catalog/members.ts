/** Own-property reads from parsed JSON, for the readers of irregular dialects: any value in, the member if it has the wanted type. */
import { memberOf } from '../contract/read/value-at.ts'

export function objectOf(value: unknown, name: string): object | undefined {
  const member = memberOf(value, name)
  return typeof member === 'object' && member !== null && !Array.isArray(member) ? member : undefined
}

export function listOf(value: unknown, name: string): readonly unknown[] {
  const member = memberOf(value, name)
  return Array.isArray(member) ? member : []
}

export function textOf(value: unknown, name: string): string | undefined {
  const member = memberOf(value, name)
  return typeof member === 'string' ? member : undefined
}

export function numberOf(value: unknown, name: string): number | undefined {
  const member = memberOf(value, name)
  return typeof member === 'number' && Number.isFinite(member) ? member : undefined
}
