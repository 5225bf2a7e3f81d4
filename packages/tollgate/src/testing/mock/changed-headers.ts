/** A flat list of headers with others in place of some; `null` takes one away. */
export function changedHeaders(headers: readonly string[], changes: { readonly [name: string]: string | null }): readonly string[] {
  const names = new Set(Object.keys(changes).map((name) => name.toLowerCase()))
  if (names.size === 0) return headers
  const kept = headers.filter((_, at) => !names.has((headers[at - (at % 2)] ?? '').toLowerCase()))
  return [...kept, ...Object.entries(changes).flatMap(([name, value]) => (value === null ? [] : [name, value]))]
}
