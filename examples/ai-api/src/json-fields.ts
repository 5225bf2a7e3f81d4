/**
 * A JSON body read field by field, in the documented order: the first thing that is wrong is the one that is told. Its shape was checked before it
 * came here (`schemas/`); alone, without a gateway, this is the only check. A required field that is null counts as absent.
 */
import { refuse, refuseField } from './refusal.ts'
import type { Entry, Parsed, Refusal } from './refusal.ts'

export interface FieldReader {
  text(field: string, charactersMax: number, tooLong?: Entry): string
  number(field: string, range: readonly [min: number, max: number], otherwise: number, entry?: Entry): number
  /** At least 1. */
  count(field: string, otherwise: number, entry: Entry): number
  choice<const T extends string>(field: string, allowed: readonly T[], otherwise: T, entry?: Entry): T
  optionalText(field: string, otherwise: string, entry?: Entry): string
  /** Different words out of those that are allowed, at least one. */
  words<const T extends string>(field: string, allowed: readonly T[]): readonly T[]
}

/** What `read` makes of the body, unless one of the fields that it asked for is wrong: then it went on with harmless values. */
export function readFields<T>(body: string, read: (fields: FieldReader) => T): Parsed<T> {
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch {
    return { ok: false, refusal: refuse('invalidRequest', { issue: 'the body must be JSON' }) }
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { ok: false, refusal: refuse('invalidRequest', { issue: 'the body must be an object' }) }
  const problems: Refusal[] = []
  const result = read(createReader(new Map<string, unknown>(Object.entries(value)), (problem) => problems.push(problem)))
  const [refusal] = problems
  return refusal === undefined ? { ok: true, value: result } : { ok: false, refusal }
}

/** A map, so that a field called `constructor` or `__proto__` is a field like any other. */
function createReader(fields: ReadonlyMap<string, unknown>, report: (problem: Refusal) => void): FieldReader {
  function wrong<T>(entry: Entry, field: string, issue: string, instead: T): T {
    report(refuseField(entry, field, issue))
    return instead
  }
  const given = (field: string): unknown => fields.get(field) ?? undefined

  return {
    text(field, charactersMax, tooLong = 'invalidField') {
      const value = given(field)
      if (value === undefined) return wrong('missingField', field, 'is required', '')
      if (typeof value !== 'string') return wrong('invalidField', field, 'must be a string', '')
      if (value.trim() === '') return wrong('invalidField', field, 'must not be blank', '')
      return countCharacters(value) > charactersMax ? wrong(tooLong, field, `must be at most ${charactersMax} characters`, '') : value
    },
    number(field, [min, max], otherwise, entry = 'invalidField') {
      const value = fields.has(field) ? fields.get(field) : otherwise
      return typeof value === 'number' && value >= min && value <= max ? value : wrong(entry, field, `must be a number from ${min} to ${max}`, otherwise)
    },
    count(field, otherwise, entry) {
      const value = fields.has(field) ? fields.get(field) : otherwise
      return typeof value === 'number' && Number.isInteger(value) && value >= 1 ? value : wrong(entry, field, 'must be a whole number of at least 1', otherwise)
    },
    choice(field, allowed, otherwise, entry = 'invalidField') {
      const value = fields.has(field) ? fields.get(field) : otherwise
      return allowed.find((one) => one === value) ?? wrong(entry, field, `must be one of ${allowed.join(', ')}`, otherwise)
    },
    optionalText(field, otherwise, entry = 'invalidField') {
      const value = fields.has(field) ? fields.get(field) : otherwise
      return typeof value === 'string' ? value : wrong(entry, field, 'must be a string', otherwise)
    },
    words<const T extends string>(field: string, allowed: readonly T[]): readonly T[] {
      const value = given(field)
      if (value === undefined) return wrong('missingField', field, 'is required', [])
      const known = Array.isArray(value) ? allowed.filter((one) => value.includes(one)) : []
      const isWhole = Array.isArray(value) && value.length > 0 && known.length === value.length
      return isWhole ? known : wrong('invalidField', field, `must be a list of different words out of ${allowed.join(', ')}`, [])
    },
  }
}

/** Code points, as JSON Schema counts them. */
export function countCharacters(text: string): number {
  let count = 0
  for (const _ of text) count++
  return count
}
