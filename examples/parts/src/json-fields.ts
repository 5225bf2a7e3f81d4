/** A JSON body read field by field. Behind a gateway its shape was checked before it came here; alone, this is the only check. */

export type Parsed<T> = { readonly ok: true; readonly value: T } | Issue

export interface Issue {
  readonly ok: false
  /** Dotted where it stands in a group: `voice.script`. Absent when the whole body is at fault. */
  readonly field?: string
  readonly issue: string
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

/** Characters are code points, as JSON Schema counts them. */
export function isText(value: unknown, charactersMax: number): value is string {
  return typeof value === 'string' && value !== '' && [...value].length <= charactersMax
}

export function oneOf<const T>(allowed: readonly T[], value: unknown): T | undefined {
  return allowed.find((one) => one === value)
}

export function issueAt(field: string, issue: string): Issue {
  return { ok: false, field, issue }
}
