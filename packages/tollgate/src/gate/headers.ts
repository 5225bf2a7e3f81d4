/** Look-ups in a flat header list (name, value, name, value), as it came from the wire. */

/**
 * Every value of a header, in order. `name` is lower case.
 *
 * @example
 * headerValues(['Via', 'a', 'via', 'b'], 'via') // => ['a', 'b']
 */
export function headerValues(headers: readonly string[], name: string): readonly string[] {
  let values: string[] | undefined
  for (let at = next(headers, name, 0); at !== -1; at = next(headers, name, at + 2)) (values ??= []).push(headers[at + 1] as string)
  return values ?? none
}

const none: readonly string[] = []

/** Where the name stands, from there on; -1: nowhere. Nearly every other name is told by its length. */
function next(headers: readonly string[], name: string, from: number): number {
  for (let at = from; at + 1 < headers.length; at += 2) {
    const candidate = headers[at] as string
    if (candidate.length === name.length && (candidate === name || candidate.toLowerCase() === name)) return at
  }
  return -1
}

/**
 * The only value of a header; undefined when it is absent or was sent more than once, which no header asked for here may be.
 *
 * @example
 * soleHeader(['Host', 'a', 'Host', 'b'], 'host') // => undefined
 */
export function soleHeader(headers: readonly string[], name: string): string | undefined {
  const at = next(headers, name, 0)
  return at === -1 || next(headers, name, at + 2) !== -1 ? undefined : headers[at + 1]
}

/**
 * A flat list without the headers whose lower-case name is refused.
 *
 * @example
 * withoutHeaders(['Date', 'now', 'Via', 'a'], (name) => name === 'via') // => ['Date', 'now']
 */
export function withoutHeaders(headers: readonly string[], refused: (name: string) => boolean): readonly string[] {
  const kept: string[] = []
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const [name = '', value = ''] = headers.slice(at, at + 2)
    if (!refused(name.toLowerCase())) kept.push(name, value)
  }
  return kept
}

/**
 * The media type without parameters, lower case: `application/json`. Empty when absent.
 *
 * @example
 * mediaType(['Content-Type', 'Application/JSON; charset=utf-8']) // => 'application/json'
 */
export function mediaType(headers: readonly string[]): string {
  const value = soleHeader(headers, 'content-type') ?? ''
  const end = value.indexOf(';')
  return (end === -1 ? value : value.slice(0, end)).trim().toLowerCase()
}

/** `application/json`, `application/problem+json`, … */
export function isJsonMediaType(type: string): boolean {
  return type === 'application/json' || (type.startsWith('application/') && type.endsWith('+json'))
}
