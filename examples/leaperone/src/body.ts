/** A JSON body read field by field. Its shape was checked before it came here (`schemas/`); alone, without a gateway, this is the only check. */

export type Parsed<T> = { readonly ok: true; readonly value: T } | Issue

export interface Issue {
  readonly ok: false
  /** Dotted where it stands in a group: `messages.0.role`. Absent when the whole body is at fault. */
  readonly field?: string
  readonly issue: string
  /** What the dialect has words of its own for. */
  readonly kind?: 'missing' | 'unknown model'
}

/** A map, so that a field called `constructor` or `__proto__` is a field like any other. */
export type Fields = ReadonlyMap<string, unknown>

export function parseBody(body: string): Parsed<Fields> {
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch {
    return { ok: false, issue: 'the body must be JSON' }
  }
  const fields = fieldsOf(value)
  return fields === undefined ? { ok: false, issue: 'the body must be an object' } : { ok: true, value: fields }
}

export function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? new Map<string, unknown>(Object.entries(value)) : undefined
}

/** The fallback for a field that is absent or null, as OpenAI's clients send what they leave open. `rule` says what it must be. */
export function optional<T, F>(fields: Fields, field: string, is: (value: unknown) => value is T, rule: string, fallback: F): Parsed<T | F> {
  const value = fields.get(field) ?? null
  if (value === null) return { ok: true, value: fallback }
  return is(value) ? { ok: true, value } : issueAt(field, rule)
}

/** Characters are code points, as JSON Schema counts them. */
export function isText(value: unknown, charactersMax: number): value is string {
  return typeof value === 'string' && value !== '' && [...value].length <= charactersMax
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

export function issueAt(field: string, issue: string): Issue {
  return { ok: false, field, issue }
}

export function missing(field: string): Issue {
  return { ok: false, field, issue: 'is required', kind: 'missing' }
}
