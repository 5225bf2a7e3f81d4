/** A JSON body read field by field. Its shape was checked before it came here (`schemas/`); alone, without a gateway, this is the only check. */

export type Parsed<T> = { readonly ok: true; readonly value: T } | Issue

export interface Issue {
  readonly ok: false
  /** Dotted: `config.product_no`. Absent when the whole body is at fault. */
  readonly field?: string
  readonly issue: string
}

/** A map, so that a field called `constructor` or `__proto__` is a field like any other. */
export type Fields = ReadonlyMap<string, unknown>

export function parseBody(body: string): Parsed<Fields> {
  try {
    const fields = fieldsOf(JSON.parse(body))
    return fields === undefined ? { ok: false, issue: 'the body must be an object' } : { ok: true, value: fields }
  } catch {
    return { ok: false, issue: 'the body must be JSON' }
  }
}

export function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? new Map<string, unknown>(Object.entries(value)) : undefined
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

export function wholeNumberOf(value: unknown, min: number, max: number): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max ? value : undefined
}

export function oneOf<const T>(allowed: readonly T[], value: unknown): T | undefined {
  return allowed.find((one) => one === value)
}
