/** The query of a request: pairs as HTML forms write them (WHATWG URL, application/x-www-form-urlencoded), each in the bytes it came in and decoded. */

/** One pair of a query. */
export interface QueryPair {
  readonly name: string
  readonly value: string
  /** As it came: `api%5Fkey=a+b`. */
  readonly raw: string
}

/**
 * The query of a request target, without the question mark; empty where there is none.
 *
 * @example
 * queryOf('/v1/things?limit=5') // => 'limit=5'
 */
export function queryOf(target: string): string {
  const question = target.indexOf('?')
  return question === -1 ? '' : target.slice(question + 1).replace(/#.*$/s, '')
}

/**
 * Its pairs in their order, names and values decoded.
 *
 * @example
 * queryPairs('q=a+b&q=c').map(({ name, value }) => [name, value]) // => [['q', 'a b'], ['q', 'c']]
 */
export function queryPairs(query: string): readonly QueryPair[] {
  return query.split('&').flatMap((raw) => {
    if (raw === '') return []
    const at = raw.indexOf('=')
    const [name, value] = at === -1 ? [raw, ''] : [raw.slice(0, at), raw.slice(at + 1)]
    return [{ name: decoded(name), value: decoded(value), raw }]
  })
}

/** What is no percent-encoding stays as it is. */
function decoded(text: string): string {
  const spaced = text.replaceAll('+', ' ')
  try {
    return decodeURIComponent(spaced)
  } catch {
    return spaced
  }
}

export interface TakenOut {
  readonly target: string
  /** By name; those that were not there are missing. */
  readonly values: ReadonlyMap<string, readonly string[]>
}

/** Takes parameters out of a target; what is left goes on byte by byte. */
export function takeFromQuery(target: string, names: ReadonlySet<string>): TakenOut {
  const at = target.indexOf('?')
  const pairs = names.size === 0 || at === -1 ? [] : queryPairs(target.slice(at + 1))
  const taken = pairs.filter(({ name }) => names.has(name))
  if (taken.length === 0) return { target, values: new Map() }
  const values = new Map<string, string[]>()
  for (const { name, value } of taken) values.set(name, [...(values.get(name) ?? []), value])
  const kept = pairs.filter(({ name }) => !names.has(name)).map(({ raw }) => raw)
  return { target: kept.length === 0 ? target.slice(0, at) : `${target.slice(0, at)}?${kept.join('&')}`, values }
}
