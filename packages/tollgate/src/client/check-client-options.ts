/** Wrong options are found where the client is made, not in the first outage. */
import { isTokenText } from './token-text.ts'

/** `what`: in words what it must be; undefined: it is that. */
type Check = (value: unknown) => string | undefined

const above = (least: number, unit: string): Check => (value) => (typeof value === 'number' && value >= least ? undefined : `must be a number of ${unit}, ${least} or more`)
const ms = above(0, 'milliseconds')
const isA = (type: string, words = `must be a ${type}`): Check => (value) => (typeof value === type ? undefined : words)
const header: Check = (value) => (value === false || (typeof value === 'string' && /^[\w!#$%&'*+.^`|~-]+$/.test(value)) ? undefined : 'must be the name of a header, or false')
const isObject: Check = (value) => (typeof value === 'object' && value !== null ? undefined : 'must be an object')
const dialect = (value: unknown): boolean => typeof (value as { readonly read?: unknown } | null)?.read === 'function' && typeof (value as { readonly declaration?: unknown }).declaration === 'object'

/** Of one call, too. */
const limits: { readonly [name: string]: Check } = {
  attempts: (value) => (Number.isSafeInteger(value) && (value as number) >= 1 ? undefined : 'must be a whole number, 1 or more'),
  timeoutMs: ms,
  attemptTimeoutMs: ms,
  headersTimeoutMs: ms,
  bodyTimeoutMs: ms,
  waitMaxMs: ms,
  repeatable: isA('boolean'),
}

const all: { readonly [name: string]: Check } = {
  ...limits,
  contract: (value) => ([value].flat().every(dialect) ? undefined : 'must be a contract or dialect (defineContract, defineDialect, tollgate/dialects), or a list of them'),
  idempotencyHeader: header,
  attemptHeader: header,
  backoff: (value) => isObject(value) ?? Object.entries(value as object).map(([name, each]) => (name === 'baseMs' || name === 'maxMs' ? ms(each) : `has no ${name}; it has baseMs and maxMs`)).find((fault) => fault !== undefined),
  budget: (value) => (value === false || typeof (value as { readonly mayRetry?: unknown } | null)?.mayRetry === 'function' ? undefined : 'must be a retry budget, or false'),
  bodyBytesMax: above(1, 'bytes'),
  extensions: (value) => (Array.isArray(value) && value.every((each: { readonly begin?: unknown } | undefined) => typeof each?.begin === 'function') ? undefined : 'must be a list of extensions: pacing(), circuit(), telemetry()'),
  clock: (value) => (typeof (value as { readonly after?: unknown } | null)?.after === 'function' ? undefined : 'must be a clock: wallMs, monotonicMs, after'),
  random: isA('function'),
  // Shown, it could tell a password.
  baseUrl: (value) => (/^https?:\/\/[^/][^?#]*$/i.test(String(value)) && isUrl(String(value)) ? undefined : 'must be an address that begins with https:// or http://, without user, password and query'),
  credentials: (value) => isObject(value) ?? credentialsFault(value as { readonly [name: string]: unknown }),
  headers: (value) => isObject(value) ?? Object.values(value as object).map(isA('string', 'must have texts as its values')).find((fault) => fault !== undefined),
  fetch: isA('function'),
}

/** A `fetch` that is wrapped knows its addresses, and brings its credentials. */
const wrapped = Object.fromEntries(Object.entries(all).filter(([name]) => !/^(?:baseUrl|credentials|headers|fetch)$/.test(name)))

/** These hold secrets: what stands there is never shown. */
const secret = new Set(['credentials', 'headers', 'baseUrl'])

/** Who asks, and what it may be told. */
export type Asked = 'createClient' | 'createCoreClient' | 'wrapFetch' | 'call'

/** Throws a `TypeError` that names the option, its value and what it must be. */
export function checkClientOptions(asked: Asked, options: object): void {
  const checks = asked === 'call' ? limits : asked === 'wrapFetch' ? wrapped : all
  if (typeof options !== 'object' || options === null) throw new TypeError(`${asked}: the options must be an object`)
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue
    const check = Object.hasOwn(checks, name) ? checks[name] : () => `is no option; there are ${Object.keys(checks).join(', ')}`
    const fault = check?.(value)
    if (fault !== undefined) throw new TypeError(`${asked}: ${name} ${secret.has(name) ? '' : `is ${shown(value)}; it `}${fault}`)
  }
}

function credentialsFault({ token, refresh, header: name, scheme, refreshBeforeMs }: { readonly [name: string]: unknown }): string | undefined {
  const text = typeof token === 'string' ? token : (token as { readonly token?: unknown } | undefined)?.token
  if (token === undefined && refresh === undefined) return 'must have a token, or refresh, which gets one'
  if (token !== undefined && !isTokenText(text)) return 'must have a token of visible ASCII characters'
  if (refresh !== undefined && typeof refresh !== 'function') return 'must have a function as refresh'
  if (name !== undefined && (name === false || header(name) !== undefined)) return 'must have the name of a header as header'
  if (scheme !== undefined && typeof scheme !== 'string') return 'must have a text as scheme'
  return refreshBeforeMs === undefined ? undefined : ms(refreshBeforeMs)
}

function isUrl(text: string): boolean {
  try {
    const { username, password } = new URL(text)
    return username === '' && password === ''
  } catch {
    return false
  }
}

function shown(value: unknown): string {
  if (typeof value === 'function') return 'a function'
  if (typeof value === 'number' || typeof value === 'bigint') return String(value)
  try {
    return (JSON.stringify(value) ?? typeof value).slice(0, 80)
  } catch {
    return typeof value
  }
}
