/** The place of a field in a body, in the forms that APIs have for it. The dotted path is ours: `items.0.name`. */

/** Segments; those of digits only are places in a list, and numbers. No path: no segments. */
export function segmentsOf(path: string | undefined): readonly (string | number)[] {
  return path === undefined || path === '' ? [] : path.split('.').map((segment) => (/^(?:0|[1-9]\d{0,14})$/.test(segment) ? Number(segment) : segment))
}

/** JSON Pointer (RFC 6901): `/items/0/name`. */
export function toPointer(path: string | undefined): string | undefined {
  if (path === undefined) return undefined
  return path === '' ? '' : `/${path.split('.').map((segment) => segment.replaceAll('~', '~0').replaceAll('/', '~1')).join('/')}`
}

/** From a JSON Pointer, also one in a URI fragment (`#/items/0`). Undefined: it is none. */
export function fromPointer(pointer: string): string | undefined {
  const text = pointer.startsWith('#') ? pointer.slice(1) : pointer
  if (text === '') return ''
  return text.startsWith('/') ? text.slice(1).split('/').map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~')).join('.') : undefined
}

/** As programs write it: `items[0].name`. */
export function toProperty(path: string): string {
  return segmentsOf(path).map((segment, index) => (typeof segment === 'number' ? `[${segment}]` : index === 0 ? segment : `.${segment}`)).join('')
}

/** The dotted path again: only a place in a list stands in brackets. */
export function fromProperty(property: string): string {
  return property.replace(/\.?\[(\d+)\]/g, '.$1').replace(/^\./, '')
}

/** From segments as JSON has them. Undefined: they are none. */
export function fromSegments(segments: readonly unknown[]): string | undefined {
  return segments.every((segment) => typeof segment === 'string' || typeof segment === 'number') ? segments.join('.') : undefined
}
