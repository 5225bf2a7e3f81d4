/** What fills a figure of a sample, by its name and its value. */
import type { DetailDeclaration, JsonValue } from 'tollgate/contract'

const facts: readonly (readonly [RegExp, string, string])[] = [
  [/(?:^|_)retry_?after$|^wait(?:_seconds)?$/, 'seconds', 'retryAfterMs'],
  [/^window(?:_seconds)?$/, 'seconds', 'windowMs'],
  [/(?:^|_)reset(?:_?at|_?time|s_?at)?$/, 'timestamp', 'resetAtMs'],
  [/^expire[sd]?_?at$|^expiry$/, 'timestamp', 'expiredAtMs'],
  [/^revoked_?at$/, 'timestamp', 'revokedAtMs'],
  [/(?:^|_)(?:remaining|left|available)$/, '', 'remaining'],
  [/(?:^|_)(?:used|usage|current|count|consumed|active|in_flight)$/, '', 'used'],
  [/(?:^|_)balance$/, 'money', 'balance'],
  [/(?:^|_)required(?:_amount|_credits?)?$|^cost$|^price$/, 'money', 'required'],
  [/(?:^|_)(?:limit|max|maximum|allowed|quota)$/, '', 'limit'],
  [/^max_?(?:bytes|size)$|^bytes_?max$/, 'integer', 'bytesMax'],
  [/^plan$|^tier$/, 'string', 'plan'],
  [/^(?:field|param|parameter|property)$/, 'string', 'field'],
  [/^(?:issue|reason|problem|error)$/, 'string', 'issue'],
  [/^(?:resource|resource_type|entity)$/, 'string', 'resource'],
  [/(?:^|_)id$/, 'string', 'id'],
]

/** `known`: the fact is one that the gateway has. Otherwise only the service can say it. */
export function guessDetail(name: string, value: JsonValue): { readonly declaration: DetailDeclaration; readonly known: boolean } {
  const snake = name.replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase()
  const [, given = '', fact] = facts.find(([pattern]) => pattern.test(snake)) ?? []
  const type = given === '' || (given === 'money' && typeof value === 'string') ? typeOf(value) : given === 'timestamp' && typeof value === 'number' ? 'unix' : given === 'timestamp' && typeof value === 'string' && Number.isNaN(Date.parse(value)) ? 'string' : given
  if (fact === undefined || (type === 'string' && fact.endsWith('Ms'))) return { declaration: `${typeOf(value)}?` as DetailDeclaration, known: false }
  return { declaration: `${type}?${fact === name ? '' : ` from ${fact}`}` as DetailDeclaration, known: true }
}

function typeOf(value: JsonValue): string {
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number'
  if (typeof value === 'string' || typeof value === 'boolean') return typeof value
  return Array.isArray(value) && value.every((each) => typeof each === 'string') ? 'strings' : 'json'
}
