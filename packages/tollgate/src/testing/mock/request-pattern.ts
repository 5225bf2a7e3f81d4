/** Which requests a rule is for: a method, a path, or both, with `*` for anything: `POST /v1/*`, `/v1/things`, `DELETE *`. */

export interface RequestPattern {
  matches(method: string, path: string): boolean
}

/** A sentence that says what is wrong; undefined where nothing is. */
export function patternFault(text: string): string | undefined {
  return partsOf(text) === undefined ? 'must be a method and a path, such as "POST /v1/things", in which * stands for anything' : undefined
}

/** Whoever calls it has asked `patternFault`; what is no pattern fits nothing. */
export function parseRequestPattern(text: string): RequestPattern {
  const parts = partsOf(text)
  if (parts === undefined) return { matches: () => false }
  const path = parts.path.split('*')
  return {
    matches: (method, target) => (parts.method === '*' || parts.method === method.toUpperCase()) && fits(target, path),
  }
}

function partsOf(text: string): { readonly method: string; readonly path: string } | undefined {
  const found = /^(?:([A-Z]+|\*)(?: +|$))?((?:\/|\*)\S*)?$/.exec(text.trim())
  return found === null || text.trim() === '' ? undefined : { method: found[1] ?? '*', path: found[2] ?? '*' }
}

/** Whether the pieces stand in the text in their order, the first at its beginning and the last at its end. Each piece as early as it can: no way back is needed. */
function fits(text: string, [first = '', ...others]: readonly string[]): boolean {
  if (others.length === 0) return text === first
  if (!text.startsWith(first)) return false
  const last = others.at(-1) ?? ''
  let at = first.length
  for (const piece of others.slice(0, -1)) {
    const found = text.indexOf(piece, at)
    if (found === -1) return false
    at = found + piece.length
  }
  return text.length - last.length >= at && text.endsWith(last)
}
