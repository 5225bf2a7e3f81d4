/**
 * The API by which a service settles what its call holds, at the address that came with the call in `Tollgate-Call`. Meant for a loopback listener.
 *
 *     POST {url}/charge   {"amount":"0.25"}                     settles the hold at this amount
 *     POST {url}/release  {}                                    gives all back that the call holds
 *     POST {url}/release  {"lease":"ses_1"}                     ends a lease of the same account
 *     POST {url}/lease    {"id":"ses_1","expiresAt":"…"|null}   names what the call took of lease meters; null: until released
 *     POST {url}/renew    {"lease":"ses_1","expiresAt":"…"|null}
 *
 * The same request twice has the effect of one, and the same answer, for a day at least. 410: the call, or the lease, came to another end. 404: there is no such call or lease. Errors are problem+json.
 */
import type { CallRecord } from '../engine/calls/call-record.ts'
import type { Clock } from '../engine/clock.ts'
import type { Lease } from '../engine/calls/lease-record.ts'
import type { MoneyEngine } from '../engine/money-commands.ts'
import { applyNamed } from '../stores/store.ts'
import { parseBoundedJson } from '../contract/read/bounded-json.ts'
import { formatMoney, parseMoney } from '../contract/values/money.ts'
import { formatTimestamp, isTimestamp } from '../contract/values/timestamp.ts'
import type { TextAnswer } from '../contract/declare/wire.ts'
import { createCallTokens, type NamedCall } from '../gate/call/call-token.ts'
import { fieldOf } from '../gate/steps/json-body.ts'
import { shownLeaseState } from '../gate/steps/shown-lease-state.ts'

/** What the call API is made from. */
export interface CallApiSetup {
  readonly store: MoneyEngine
  readonly clock: Clock
  readonly sha256Hex: (text: string) => string
  /** The same as the gate's `calls.secret`. */
  readonly secret: string
  /** Where it is mounted: what stands before the token. Default `/calls`. */
  readonly base?: string
  /** For what should not have happened; the service is told only that it failed. */
  readonly alert?: (event: { readonly kind: string; readonly message: string; readonly requestId?: string }) => void
}

/** The API by which services settle what their calls hold, behind whatever listens for it. */
export interface CallApi {
  /** `path` without query. Never rejects. */
  handle(method: string, path: string, body: Uint8Array | undefined): Promise<TextAnswer>
}

type Outcome = Done | Problem

interface Done {
  readonly kind: 'done'
  readonly body: { readonly [name: string]: string | boolean | null | undefined }
}

interface Problem {
  readonly kind: 'problem'
  readonly status: 400 | 404 | 405 | 409 | 410 | 503
  readonly detail: string
}

const titles = { 400: 'Bad Request', 404: 'Not Found', 405: 'Method Not Allowed', 409: 'Conflict', 410: 'Gone', 503: 'Service Unavailable' }

const ID_CHARS_MAX = 256
/** The decimals of an amount of a call that held no money. */
const SCALE_MAX = 15

/**
 * The API at the address in `Tollgate-Call`, by which a service charges, gives back, and names and ends leases. For a listener that only services reach.
 *
 * @example
 * const callApi = createCallApi({ store, clock, sha256Hex, secret: 'at least 32 random characters, kept over restarts' })
 * const { status } = await callApi.handle('POST', '/calls/token/charge', new TextEncoder().encode('{"amount":"0.25"}'))
 */
export function createCallApi({ store, clock, sha256Hex, secret, base = '/calls', alert }: CallApiSetup): CallApi {
  const tokens = createCallTokens(secret, sha256Hex)

  const actions: { readonly [action: string]: (call: NamedCall, body: unknown) => Promise<Outcome> } = { charge, release, lease: bind, renew }

  async function charge({ callId }: NamedCall, body: unknown): Promise<Outcome> {
    const text = fieldOf(body, 'amount')
    const scale = await scaleOf(callId)
    const chargeUnits = typeof text === 'string' ? parseMoney(text, scale ?? SCALE_MAX) : undefined
    if (chargeUnits === undefined) return badRequest(`amount is ${shown(text)}; write it as a decimal text such as "0.25"${scale === undefined ? '' : `, with at most ${scale} decimals`}`)
    // Its answer stays with its key.
    const answer = (await store.call(callId))?.answer
    const settled = await applyNamed(store, {
      kind: 'settle',
      callId,
      outcome: 'done',
      chargeUnits,
      reason: 'price',
      answer,
    })
    if (!settled.settled) return over
    const decimal = (units: number): string => formatMoney({ units, scale: scale ?? SCALE_MAX }, Math.min(2, scale ?? 0))
    return done({ charged: decimal(settled.chargedUnits), short: settled.shortUnits > 0 ? decimal(settled.shortUnits) : undefined })
  }

  /** The money that the call held is in the ledger, also when it is over. */
  async function scaleOf(callId: string): Promise<number | undefined> {
    const [row] = await store.ledger({ callId, limit: 1 })
    return row?.scale ?? countedScale(await store.call(callId))
  }

  /** Of a call that is only counted, and paid out of no balance. */
  function countedScale(call: CallRecord | undefined): number | undefined {
    return call?.countedScale ?? call?.counts?.[0]?.scale
  }

  async function release(call: NamedCall, body: unknown): Promise<Outcome> {
    if (fieldOf(body, 'lease') !== undefined) return end(call, body)
    const { settled } = await applyNamed(store, { kind: 'settle', callId: call.callId, outcome: 'released', remembered: true, reason: 'released by the service' })
    return settled ? done({ released: true }) : over
  }

  async function end({ accountId }: NamedCall, body: unknown): Promise<Outcome> {
    const id = idField(body, 'lease')
    if (typeof id !== 'string') return id
    const { done: isEnded, lease } = await applyNamed(store, { kind: 'end-lease', accountId, id, as: 'terminated' })
    return isEnded && lease !== undefined ? toBody(lease) : missing(lease)
  }

  async function bind({ api, callId, accountId }: NamedCall, body: unknown): Promise<Outcome> {
    const id = idField(body, 'id')
    if (typeof id !== 'string') return id
    const until = expiryField(body)
    if (until.kind === 'problem') return until
    const { bound, lease } = await applyNamed(store, { kind: 'bind-lease', callId, api, id, expiresAtMs: until.expiresAtMs })
    if (bound && lease !== undefined) return toBody(lease)
    if (lease === undefined) return over
    return lease.callId === callId && lease.accountId === accountId ? missing(lease) : problem(409, `the lease ${id} is another call's`)
  }

  async function renew({ accountId }: NamedCall, body: unknown): Promise<Outcome> {
    const id = idField(body, 'lease')
    if (typeof id !== 'string') return id
    const until = expiryField(body)
    if (until.kind === 'problem') return until
    const { done: isRenewed, lease } = await applyNamed(store, { kind: 'renew-lease', accountId, id, expiresAtMs: until.expiresAtMs })
    return isRenewed && lease !== undefined ? toBody(lease) : missing(lease)
  }

  function toBody(lease: Lease): Outcome {
    const { id, expiresAtMs } = lease
    return done({ lease: id, state: shownLeaseState(lease, clock.wallMs()), expiresAt: expiresAtMs === undefined ? null : (formatTimestamp(expiresAtMs) ?? null) })
  }

  async function outcomeOf(method: string, path: string, bytes: Uint8Array | undefined): Promise<Outcome> {
    const [token = '', action = '', ...more] = path.startsWith(`${base}/`) ? path.slice(base.length + 1).split('/') : []
    const call = tokens.parse(token)
    const act = more.length === 0 && Object.hasOwn(actions, action) ? actions[action] : undefined
    if (call === undefined || act === undefined) return problem(404, 'there is no such call, or no such action; use the address in Tollgate-Call')
    if (method !== 'POST') return problem(405, `${method.slice(0, 16)} is not allowed here; use POST`)
    const body = bytes === undefined || bytes.length === 0 ? {} : parseBoundedJson(new TextDecoder().decode(bytes))
    if (typeof body !== 'object' || body === null || Array.isArray(body)) return badRequest('the body must be a JSON object')
    try {
      return await act(call, body)
    } catch (error) {
      alert?.({ kind: 'store', message: String(error), requestId: call.callId })
      return problem(503, 'nothing is known to have changed; repeat the request')
    }
  }

  return { handle: async (method, path, body) => toAnswer(await outcomeOf(method, path, body)) }
}

const over = problem(410, 'the call is over, or holds nothing of the kind')

function done(body: Done['body']): Done {
  return { kind: 'done', body }
}

function problem(status: Problem['status'], detail: string): Problem {
  return { kind: 'problem', status, detail }
}

function badRequest(detail: string): Problem {
  return problem(400, detail)
}

function missing(lease: Lease | undefined): Problem {
  return lease === undefined ? problem(404, 'the account has no such lease') : problem(410, `the lease is ${lease.state}`)
}

function idField(body: unknown, field: string): string | Problem {
  const value = fieldOf(body, field)
  const isId = typeof value === 'string' && value.length > 0 && value.length <= ID_CHARS_MAX && /^[\x21-\x7e]+$/.test(value)
  return isId ? value : badRequest(`${field} is ${shown(value)}; write an id of 1 to ${ID_CHARS_MAX} printable characters`)
}

/** Undefined: until it is ended. */
function expiryField(body: unknown): { readonly kind: 'until'; readonly expiresAtMs: number | undefined } | Problem {
  const value = fieldOf(body, 'expiresAt')
  if (value === null) return { kind: 'until', expiresAtMs: undefined }
  const expiresAtMs = isTimestamp(value) ? Math.floor(Date.parse(value)) : Number.NaN
  return Number.isSafeInteger(expiresAtMs) ? { kind: 'until', expiresAtMs } : badRequest(`expiresAt is ${shown(value)}; write an instant such as "2026-12-21T00:00:00Z", or null`)
}

function shown(value: unknown): string {
  return value === undefined ? 'missing' : (JSON.stringify(value) ?? 'nothing').slice(0, 64)
}

function toAnswer(outcome: Outcome): TextAnswer {
  if (outcome.kind === 'done') return { status: 200, headers: ['Content-Type', 'application/json', 'Cache-Control', 'no-store'], body: JSON.stringify(outcome.body) }
  const { status, detail } = outcome
  const headers = ['Content-Type', 'application/problem+json', 'Cache-Control', 'no-store', ...(status === 405 ? ['Allow', 'POST'] : [])]
  return { status, headers, body: JSON.stringify({ type: 'about:blank', title: titles[status], status, detail }) }
}
