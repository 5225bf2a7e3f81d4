/** What a field of a JSON body may hold here, and what is said of one that does not. */
import { issueAt } from '@tollgate/example-parts/json-fields'
import type { Fields, Issue as FieldIssue } from '@tollgate/example-parts/json-fields'

export type Parsed<T> = { readonly ok: true; readonly value: T } | Issue

export interface Issue extends FieldIssue {
  /** What the dialect has words of its own for. */
  readonly kind?: 'missing' | 'unknown model'
}

/** The fallback for a field that is absent or null, as OpenAI's clients send what they leave open. `rule` says what it must be. */
export function optional<T, F>(fields: Fields, field: string, is: (value: unknown) => value is T, rule: string, fallback: F): Parsed<T | F> {
  const value = fields.get(field) ?? null
  if (value === null) return { ok: true, value: fallback }
  return is(value) ? { ok: true, value } : issueAt(field, rule)
}

export function isIntegerIn(min: number, max: number): (value: unknown) => value is number {
  return (value): value is number => Number.isSafeInteger(value) && Number(value) >= min && Number(value) <= max
}

export function isBoolean(value: unknown): value is boolean {
  return typeof value === 'boolean'
}

export function isOneOf<const T>(allowed: readonly T[]): (value: unknown) => value is T {
  return (value): value is T => allowed.includes(value as T)
}

export function missing(field: string): Issue {
  return { ok: false, field, issue: 'is required', kind: 'missing' }
}
