/** A map as a list of its keys and values, as servers send it. */
import type { JsonValue } from '../declare/facts.ts'
import { isJsonObject } from '../values/json-object.ts'

export interface Pair {
  readonly key: string
  readonly value: JsonValue
}

/**
 * Of a list under a key each item, unless a value is a list by itself; null where the list is empty. Undefined: it is no map. An empty list is one: languages
 * that have lists and maps in one write it so.
 *
 * @example
 * pairsIn({ a: ['x', 'y'], b: 'z' }, false) // => [{ key: 'a', value: 'x' }, { key: 'a', value: 'y' }, { key: 'b', value: 'z' }]
 */
export function pairsIn(body: unknown, isListEach: boolean): readonly Pair[] | undefined {
  if (Array.isArray(body) && body.length === 0) return []
  if (!isJsonObject(body)) return undefined
  return Object.entries(body).flatMap(([key, value]) => {
    const values: readonly JsonValue[] = Array.isArray(value) && (!isListEach || value.every((each) => Array.isArray(each))) ? value : [value]
    return values.length === 0 ? [{ key, value: null }] : values.map((each) => ({ key, value: each }))
  })
}
