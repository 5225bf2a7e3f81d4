/**
 * JSON whose objects have a member twice, which RFC 8259 leaves to the parser: what is checked and priced here could be another number than the one that
 * the service reads, for one takes the last and another the first.
 */

/**
 * `value` is what the text was parsed to. Each member has a colon, and of two twins only one is left in the value.
 *
 * @example
 * const text = '{"units":1,"units":2}'
 * hasTwins(text, JSON.parse(text)) // => true
 */
export function hasTwins(text: string, value: unknown): boolean {
  return countColons(text) !== countMembers(value)
}

const QUOTE = 34
const COLON = 58
const BACKSLASH = 92

function countColons(text: string): number {
  let colons = 0
  let isInText = false
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charCodeAt(at)
    if (char === QUOTE) isInText = !isInText
    else if (char === BACKSLASH) at += 1
    else if (char === COLON && !isInText) colons += 1
  }
  return colons
}

/** A list instead of a recursion: the body may be nested as deeply as it is long. */
function countMembers(value: unknown): number {
  let members = 0
  const waiting = [value]
  while (waiting.length > 0) {
    const each = waiting.pop()
    if (typeof each !== 'object' || each === null) continue
    const inside: unknown[] = Object.values(each)
    if (!Array.isArray(each)) members += inside.length
    for (const one of inside) if (typeof one === 'object') waiting.push(one)
  }
  return members
}
