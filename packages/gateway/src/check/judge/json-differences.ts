/** Where two JSON values differ, by path. */

export interface JsonDifference {
  readonly path: string
  readonly kind: 'missing' | 'more' | 'type' | 'value'
  readonly expected: unknown
  readonly found: unknown
}

export function jsonDifferences(expected: unknown, found: unknown, path = ''): readonly JsonDifference[] {
  const here = path === '' ? 'the body' : path
  if (isObject(expected) && isObject(found)) {
    const names = [...new Set([...Object.keys(expected), ...Object.keys(found)])]
    return names.flatMap((name): readonly JsonDifference[] => {
      const at = path === '' ? name : `${path}.${name}`
      if (!Object.hasOwn(found, name)) return [{ path: at, kind: 'missing', expected: expected[name], found: undefined }]
      if (!Object.hasOwn(expected, name)) return [{ path: at, kind: 'more', expected: undefined, found: found[name] }]
      return jsonDifferences(expected[name], found[name], at)
    })
  }
  if (Array.isArray(expected) && Array.isArray(found)) {
    const length = Math.max(expected.length, found.length)
    return Array.from({ length }, (_, at) => at).flatMap((at) => jsonDifferences(expected[at], found[at], `${path}[${at}]`))
  }
  if (Object.is(expected, found)) return []
  return [{ path: here, kind: typeName(expected) === typeName(found) ? 'value' : 'type', expected, found }]
}

export function typeName(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'an object' : value === undefined ? 'nothing' : `a ${typeof value}`
}

function isObject(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
