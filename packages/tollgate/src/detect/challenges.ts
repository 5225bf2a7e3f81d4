/** The challenges of `WWW-Authenticate` (RFC 9110 section 11.6.1): several in one field, where a comma parts challenges and parameters alike. */

/** One challenge. */
export interface Challenge {
  /** In lower case. */
  readonly scheme: string
  /** Its parameters, by their names in lower case. */
  readonly params: { readonly [name: string]: string }
  /** What stands there instead of parameters: base64 by itself. */
  readonly token: string | undefined
}

/** A request for payment is long. */
const FIELD_CHARS_MAX = 65_536
const CHALLENGES_MAX = 16

const TOKEN = /[!#$%&'*+\-.^_`|~0-9A-Za-z]+/y
const VALUE = /[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*)"|([!#$%&'*+\-.^_`|~0-9A-Za-z/:@?]+=*)(?=[ \t]*(?:,|$)))/y
const TOKEN68 = /[ \t]+([A-Za-z0-9\-._~+/]+=*)(?=[ \t]*(?:,|$))/y

/**
 * As far as it is well-formed. Never a throw.
 *
 * @example
 * parseChallenges('Bearer realm="a, b", error="invalid_token", Basic realm="c"').map(({ scheme, params }) => [scheme, params['realm']]) // => [['bearer', 'a, b'], ['basic', 'c']]
 */
export function parseChallenges(field: string | undefined): readonly Challenge[] {
  const text = (field ?? '').slice(0, FIELD_CHARS_MAX)
  const challenges: { scheme: string; params: { [name: string]: string }; token: string | undefined }[] = []
  let at = 0
  const take = (form: RegExp): RegExpExecArray | null => {
    form.lastIndex = at
    const match = form.exec(text)
    if (match !== null) at = form.lastIndex
    return match
  }
  while (challenges.length <= CHALLENGES_MAX) {
    take(/[ \t,]*/y)
    const name = take(TOKEN)?.[0].toLowerCase()
    if (name === undefined) break
    const value = take(VALUE)
    const current = challenges.at(-1)
    if (value !== null) {
      if (current === undefined) break
      // Once in a challenge; what comes again is left out. (`__proto__` would be another object's.)
      if (name !== '__proto__' && !Object.hasOwn(current.params, name)) current.params[name] = value[2] ?? (value[1] ?? '').replaceAll(/\\(.)/g, '$1')
      continue
    }
    challenges.push({ scheme: name, params: {}, token: take(TOKEN68)?.[1] })
  }
  return challenges.slice(0, CHALLENGES_MAX)
}
