/** JSON from strangers: bounded in size and depth, and never a throw. */

/** An error body of more than this is not one. */
export const BODY_BYTES_MAX = 1_048_576
/** Levels of nesting in JSON that is read. More than any error has, and fewer than a parser of another language trips over. */
export const BODY_DEPTH_MAX = 64

const utf8 = new TextDecoder('utf-8', { fatal: true })

/**
 * Undefined: too large, or not UTF-8. A byte order mark is taken off.
 *
 * @example
 * toBoundedText(new TextEncoder().encode('{}')) // => '{}'
 * toBoundedText(new Uint8Array([0xff])) // => undefined
 */
export function toBoundedText(body: string | Uint8Array): string | undefined {
  if ((typeof body !== 'string' && !(body instanceof Uint8Array)) || body.length > BODY_BYTES_MAX) return undefined
  if (typeof body === 'string') return body.startsWith('\uFEFF') ? body.slice(1) : body
  try {
    return utf8.decode(body)
  } catch {
    return undefined
  }
}

/**
 * Undefined: not JSON, or nested too deeply. No JSON value is undefined. `__proto__` members are dropped at every depth: assigning one, in whatever
 * copies the value later, would change the prototype of the copy.
 *
 * @example
 * parseBoundedJson('{"code":"FULL"}') // => { code: 'FULL' }
 * parseBoundedJson('<html>') // => undefined
 */
export function parseBoundedJson(text: string): unknown {
  if (isTooDeep(text)) return undefined
  try {
    // The name may be escaped. Few bodies have either, and a reviver is slow.
    return (/__proto__|\\u/.test(text) ? JSON.parse(text, withoutProto) : JSON.parse(text)) as unknown
  } catch {
    return undefined
  }
}

function withoutProto(key: string, value: unknown): unknown {
  return key === '__proto__' ? undefined : value
}

/**
 * Counts brackets outside strings. A loop, not a recursion: the depth is what is being tested.
 *
 * @example
 * isTooDeep('[[1]]', 1) // => true
 */
export function isTooDeep(text: string, depthMax = BODY_DEPTH_MAX): boolean {
  let depth = 0
  let inString = false
  for (let index = 0; index < text.length; index++) {
    const char = text.charCodeAt(index)
    if (inString) {
      if (char === 0x5c /* \ */) index++
      else if (char === 0x22 /* " */) inString = false
    } else if (char === 0x22) inString = true
    else if (char === 0x7b /* { */ || char === 0x5b /* [ */) {
      if (++depth > depthMax) return true
    } else if (char === 0x7d /* } */ || char === 0x5d /* ] */) depth--
  }
  return false
}
