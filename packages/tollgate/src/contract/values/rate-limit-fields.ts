/**
 * `RateLimit-Policy` and `RateLimit` as draft 11 of the HTTPAPI working group has them (draft-ietf-httpapi-ratelimit-headers-11, sections 3 and 4), which is
 * no standard: lists of structured fields (RFC 9651), in each item the name of a policy and its parameters. A field that is malformed is ignored.
 */
import type { ReadRateLimit, ShownLimit } from '../declare/wire.ts'
import { compact } from './compact.ts'

export const RATE_LIMIT_POLICY = 'RateLimit-Policy'
export const RATE_LIMIT = 'RateLimit'

/** What is counted in money has no unit there. */
export function formatRateLimitFields(limits: readonly ShownLimit[], nowMs: number): readonly string[] {
  const policies: string[] = []
  const states: string[] = []
  for (const { name, limit, remaining, resetAtMs, windowMs, isConcurrency } of limits) {
    if (typeof limit !== 'number' || typeof remaining !== 'number') continue
    const policy = quoted(name)
    policies.push(`${policy};q=${toInteger(limit)}${isConcurrency === true ? ';qu="concurrent-requests"' : ''}${windowMs === undefined ? '' : `;w=${Math.max(1, toInteger(windowMs / 1_000))}`}`)
    states.push(`${policy};r=${toInteger(remaining)}${resetAtMs === undefined ? '' : `;t=${toInteger((resetAtMs - nowMs) / 1_000)}`}`)
  }
  return policies.length === 0 ? [] : [RATE_LIMIT_POLICY, policies.join(', '), RATE_LIMIT, states.join(', ')]
}

export function parseRateLimitFields(policy: string | undefined, state: string | undefined, nowMs: number): readonly ReadRateLimit[] {
  const [policies, states] = [itemsWith('q', policy), itemsWith('r', state)]
  return [...new Set([...policies.keys(), ...states.keys()])].map((of) => {
    const [told, left] = [policies.get(of), states.get(of)]
    const [seconds, windowSeconds] = [left?.numbers.get('t'), told?.numbers.get('w')]
    return compact({
      of,
      limit: told?.numbers.get('q'),
      remaining: left?.numbers.get('r'),
      resetAtMs: seconds === undefined ? undefined : nowMs + seconds * 1_000,
      windowMs: windowSeconds === undefined ? undefined : windowSeconds * 1_000,
      unit: told?.texts.get('qu'),
      partition: told?.texts.get('pk') ?? left?.texts.get('pk'),
    })
  })
}

/** Those that have what the draft requires of them, and nothing that it forbids: a window of no time is none. */
function itemsWith(required: string, field: string | undefined): ReadonlyMap<string, Item> {
  return new Map((parseList(field) ?? []).flatMap((item) => (item.numbers.has(required) && item.numbers.get('w') !== 0 ? [[item.name, item] as const] : [])))
}

interface Item {
  readonly name: string
  /** Its parameters that are integers and not negative. */
  readonly numbers: ReadonlyMap<string, number>
  /** Those that are strings, or bytes in base64. */
  readonly texts: ReadonlyMap<string, string>
}

const ITEM = /[ \t]*"((?:[ !#-[\]-~]|\\["\\])*)"((?:;[ ]*[a-z*][a-z0-9_.*-]*(?:=(?:-?\d{1,15}(?:\.\d{1,3})?|"(?:[ !#-[\]-~]|\\["\\])*"|:[A-Za-z0-9+/=]*:|\?[01]|@-?\d{1,15}|[A-Za-z*][\w!#$%&'*+.^`|~:/-]*))?)*)[ \t]*(,|$)/y

/** Undefined where any of it is malformed (RFC 9651 section 4.2): then all of it is ignored. */
function parseList(text: string | undefined): readonly Item[] | undefined {
  if (text === undefined || text.length > 8_192) return undefined
  const items: Item[] = []
  ITEM.lastIndex = 0
  for (;;) {
    const match = ITEM.exec(text)
    if (match === null) return undefined
    const [, name = '', written = '', end] = match
    const parameters = [...written.matchAll(/;[ ]*([a-z*][a-z0-9_.*-]*)=(?:(\d{1,15})(?=;|$)|"((?:[^"\\]|\\.)*)"|:([^:]*):)/g)]
    items.push({
      name: unescaped(name),
      numbers: new Map(parameters.flatMap(([, key = '', digits]) => (digits === undefined ? [] : [[key, Number(digits)] as const]))),
      texts: new Map(parameters.flatMap(([, key = '', , string, bytes = string]) => (bytes === undefined ? [] : [[key, unescaped(bytes)] as const]))),
    })
    if (end === '') return items
  }
}

function unescaped(text: string): string {
  return text.replaceAll(/\\(.)/g, '$1')
}

function quoted(name: string): string {
  return `"${name.replaceAll(/[^ -~]/g, '?').replaceAll(/["\\]/g, '\\$&')}"`
}

/** Rounded up, and of no more digits than an integer of a structured field has. */
function toInteger(value: number): number {
  return Number.isFinite(value) ? Math.min(Math.max(0, Math.ceil(value)), 999_999_999_999_999) : 0
}
