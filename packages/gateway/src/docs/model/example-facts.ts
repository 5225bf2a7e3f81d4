/** Facts for the example of an entry: plausible ones that fit together, always the same, and the author's own where the contract has some. */
import { compact, type Entry, type Facts, type FactValue, type JsonValue } from 'tollgate/contract'
import { typicalFacts } from 'tollgate/testing'

const WAIT_MS = 30_000
const MINUTE_MS = 60_000
const DAY_MS = 86_400_000

/** Undefined: none, though it would be typical. */
type Told = { readonly [name: string]: FactValue | undefined }

/** `nowMs`: at which it happens. */
export function exampleFacts(entry: Entry, nowMs: number): Facts {
  const { field: _field, issue: _issue, rule: _rule, ...typical } = typicalFacts(entry, nowMs)
  // What tells an entry from others is as it must be; where it may be one of several, the first.
  const refined = Object.fromEntries(Object.entries(entry.when ?? {}).flatMap(([name, wanted]) => [wanted].flat().slice(0, 1).map((value) => [name, value] as const)))
  const fault = faultOf(entry, refined)
  const told: Told = { ...typical, ...plainOf(typical), ...usedOf(entry), ...waitOf(entry, nowMs), ...requestOf(entry), ...fault, ...refined, ...entry.example }
  return compact(told)
}

/** A rule of rates is over soon, a quota with its period. Where no program waits, the answer says no wait, but for what is alive for a while. */
function waitOf(entry: Entry, nowMs: number): Told {
  const { reason, when = {} } = entry
  if (reason === 'quota.exhausted') {
    const period = when['period'] === 'month' ? 'month' : 'day'
    const resetAtMs = period === 'month' ? startOfNextMonth(nowMs) : (Math.floor(nowMs / DAY_MS) + 1) * DAY_MS
    return { period, resetAtMs, retryAfterMs: resetAtMs - nowMs }
  }
  const soon: Told = { period: undefined, retryAfterMs: WAIT_MS, resetAtMs: nowMs + WAIT_MS, windowMs: MINUTE_MS }
  if (reason === 'account.suspended') return { ...soon, retryAfterMs: undefined, untilMs: nowMs + 7 * DAY_MS }
  return { ...soon, untilMs: nowMs + WAIT_MS, retryAfterMs: tellsWait(entry) ? WAIT_MS : undefined, resetAtMs: tellsWait(entry) ? nowMs + WAIT_MS : undefined }
}

function tellsWait({ status, retry, retryAfterSeconds }: Entry): boolean {
  return retry === 'wait' || retryAfterSeconds !== undefined || status === 429 || status === 503
}

function startOfNextMonth(nowMs: number): number {
  const now = new Date(nowMs)
  return Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1)
}

/** What fits together: less is left than is asked for, and a credential lacks what is needed. That no wait helps is said only where it is so. */
function plainOf({ required, balance }: Facts): Told {
  const isMoney = typeof required === 'object' && required !== null && Object.hasOwn(required, 'units')
  return {
    required: isMoney ? { units: 10_000, scale: 2 } : required === 'sample' ? 'things:write' : required,
    granted: 'things:read',
    balance: balance === undefined ? undefined : { units: 5_000, scale: 2 },
    waitHelps: undefined,
    parameter: undefined,
  }
}

/** Of a rate nothing passes the limit; of stock less is left than is asked for. */
function usedOf({ reason }: Entry): Told {
  if (reason === 'rate.limited') return { limit: 60, used: 60, remaining: 0 }
  if (reason === 'concurrency.limited' || reason === 'session.limited') return { limit: 5, used: 5, remaining: 0 }
  if (reason === 'credit.insufficient') return { limit: undefined, used: undefined, remaining: undefined }
  if (reason === 'resource.conflict') return { remaining: 1, required: 3 }
  return {}
}

/** Of what is about the request itself, in the words of the gateway. */
function requestOf({ reason }: Entry): Told {
  if (reason === 'route.unknown') return { method: 'GET', path: '/v1/thing', issue: 'there is no /v1/thing' }
  if (reason === 'method.not_allowed') return { method: 'DELETE', path: '/v1/things', allow: ['GET', 'POST'], issue: 'DELETE is not allowed here' }
  if (reason === 'request.too_large') return { bytesMax: 1_048_576, issue: 'must be at most 1048576 bytes' }
  if (reason === 'request.unsupported_media') return { issue: 'the content type must be one that the operation takes, not text/plain' }
  if (reason === 'request.invalid') return { issue: 'the body is not valid JSON' }
  return {}
}

const issueOfRule: { readonly [rule: string]: string } = {
  required: 'is required',
  type: 'must be a text',
  enum: 'must be one of the documented values',
  const: 'must be one of the documented values',
  minimum: 'must be at least 1',
  maximum: 'must be at most 100',
  maxLength: 'must be at most 64 characters long',
}

/** The field at fault, where one is. */
function faultOf({ reason }: Entry, refined: { readonly [fact: string]: JsonValue | undefined }): Told {
  if (reason !== 'field.missing' && reason !== 'field.invalid' && refined['field'] === undefined) return {}
  const told = refined['rule']
  const rule = typeof told === 'string' ? told : reason === 'field.missing' ? 'required' : 'maxLength'
  return { field: 'name', issue: issueOfRule[rule] ?? 'breaks a rule', rule }
}
