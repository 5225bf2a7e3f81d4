/** The headers of an answer and those that the gateway adds to it, as one flat list. */

/** Joined with what the answer says already (Fetch standard, RFC 9110 section 12.5.5); any other header of ours takes its place. */
const joined = new Set(['vary', 'access-control-expose-headers'])

/**
 * The answer's headers without those that are dropped (by lower-case name), or that ours take the place of; then ours.
 *
 * @example
 * joinHeaders(['Vary', 'Accept', 'Server', 'x'], ['Vary', 'Origin'], (name) => name === 'server') // => ['Vary', 'Origin, Accept']
 */
export function joinHeaders(answer: readonly string[], added: readonly string[], drops?: (name: string, value: string) => boolean): string[] {
  const addedNames = namesOf(added)
  const headers: string[] = []
  const theirs: string[] = []
  for (let at = 0; at + 1 < answer.length; at += 2) {
    const name = (answer[at] as string).toLowerCase()
    const value = answer[at + 1] as string
    if (drops?.(name, value) === true) continue
    if (!addedNames.includes(name)) headers.push(answer[at] as string, value)
    else if (joined.has(name)) theirs.push(name, value)
  }
  if (theirs.length === 0) headers.push(...added)
  else for (const [at, name] of addedNames.entries()) headers.push(added[2 * at] as string, joinedValue(name, added[2 * at + 1] as string, theirs))
  return headers
}

function joinedValue(name: string, own: string, theirs: readonly string[]): string {
  const elements = new Map<string, string>()
  const values = [own, ...theirs.filter((_, at) => at % 2 === 1 && theirs[at - 1] === name)]
  for (const element of values.flatMap((value) => value.split(','))) {
    const text = element.trim()
    if (text !== '' && !elements.has(text.toLowerCase())) elements.set(text.toLowerCase(), text)
  }
  // `Vary: *` says all that can be said.
  return name === 'vary' && elements.has('*') ? '*' : [...elements.values()].join(', ')
}

function namesOf(headers: readonly string[]): readonly string[] {
  const names: string[] = []
  for (let at = 0; at < headers.length; at += 2) names.push((headers[at] as string).toLowerCase())
  return names
}
