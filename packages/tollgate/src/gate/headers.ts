/** Look-ups in a flat header list (name, value, name, value), as it came from the wire. */

/**
 * Every value of a header, in order. `name` is lower case.
 *
 * @example
 * headerValues(['Via', 'a', 'via', 'b'], 'via') // => ['a', 'b']
 */
export function headerValues(headers: readonly string[], name: string): readonly string[] {
  const values: string[] = []
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const candidate = headers[at] as string
    if (candidate.length === name.length && candidate.toLowerCase() === name) values.push(headers[at + 1] as string)
  }
  return values
}

/**
 * The only value of a header; undefined when it is absent or was sent more than once, which no header asked for here may be.
 *
 * @example
 * soleHeader(['Host', 'a', 'Host', 'b'], 'host') // => undefined
 */
export function soleHeader(headers: readonly string[], name: string): string | undefined {
  const values = headerValues(headers, name)
  return values.length === 1 ? values[0] : undefined
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
  return (soleHeader(headers, 'content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''
}

/** `application/json`, `application/problem+json`, … */
export function isJsonMediaType(type: string): boolean {
  return type === 'application/json' || (type.startsWith('application/') && type.endsWith('+json'))
}
