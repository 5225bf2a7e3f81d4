/** One call within one API: what its steps share. */
import type { CallTerms, KeyClaim } from '../../engine/calls/call-record.ts'
import type { Lease } from '../../engine/calls/lease-record.ts'
import type { Take } from '../../engine/meters/meter.ts'
import type { Refusal } from '../../contract/declare/refusal.ts'
import type { LateCharge } from '../../engine/money-commands.ts'
import type { CallLog } from './call-log.ts'
import type { IncomingCall } from '../call.ts'
import type { ApiOptions, RouteOptions, Row } from '../gate-options.ts'
import type { Found } from '../or-refusal.ts'
import type { ParsedBody } from '../steps/json-body.ts'
import { takeFromQuery } from '../way-in/query.ts'
import type { RoutePlan } from '../steps/step-plan.ts'

export type Alert = (kind: string, message: unknown, requestId: string) => void

export interface CallInProgress {
  readonly api: ApiOptions
  readonly call: IncomingCall
  readonly log: CallLog
  /** The parameters that may hold a credential, which the request has no more. */
  readonly fromQuery: ReadonlyMap<string, readonly string[]>
  /** Set once the route is known. */
  matched: MatchedRoute | undefined
  /** The body, once a step has read it, as bytes and parsed. */
  body: Uint8Array | undefined
  json: Found<ParsedBody> | undefined
  /** Why there is none: it is asked for once. */
  unread: Refusal | undefined
  /** What the last lookup found. */
  found: FoundRow | undefined
  /** The lease that the route is about. */
  lease: Lease | undefined
  /** The caller's idempotency key, bare. */
  key: string | undefined
  /** This key was charged before, and its answer was not kept: the upstream is asked again, nothing is taken again. */
  paidBefore: boolean
  tracked: TrackedCall | undefined
  /** How many stages it has asked for that it is to hold. */
  admissions: number
}

export interface MatchedRoute {
  readonly route: RouteOptions
  readonly plan: RoutePlan
  readonly params: { readonly [name: string]: string }
}

export interface FoundRow {
  readonly table: string
  readonly id: string
  readonly row: Row
}

/** A call that holds something in the store: money, leases, slots or an idempotency key. It must be settled, whatever becomes of it. */
export interface TrackedCall {
  readonly context: CallTerms
  /** The store lets it hold what it has at least until then, by the clock of this process. Moves on while the call is in hand. */
  heldUntilMs: number
  /** Undefined where the store could not say it. */
  fence: number | undefined
  /** Whether it has claimed or taken anything. */
  begun: boolean
  /** Whether the store keeps a record of it. Slots alone leave none, and need no mark of dispatch. */
  recorded: boolean
  dispatched: boolean
  /** What the store forgets if the deadline gives all back. */
  readonly claim: KeyClaim | undefined
  holds: LateCharge['holds']
  counts: readonly Take[]
}

/** A credential in the query is taken out here, so that neither a step nor the service nor a log sees it. */
export function beginCall(api: ApiOptions, received: IncomingCall, log: CallLog): CallInProgress {
  const { target, values: fromQuery } = received.target.includes('?') ? takeFromQuery(received.target, credentialParameters(api)) : { target: received.target, values: nothing }
  const call = fromQuery.size === 0 ? received : withTarget(received, target)
  return { api, call, log, fromQuery, matched: undefined, body: undefined, json: undefined, unread: undefined, found: undefined, lease: undefined, key: undefined, paidBefore: false, tracked: undefined, admissions: 0 }
}

/** Its body is read from the carrier's own object, which may keep it in private members. */
function withTarget(call: IncomingCall, target: string): IncomingCall {
  const { method, headers, remoteAddress, hasBody } = call
  return { method, target, headers, remoteAddress, hasBody, readBody: (bytesMax, pace) => call.readBody(bytesMax, pace) }
}

/** From its first claim or take on. */
export function trackedCall(context: CallTerms, askedAtMs: number, claimed: { readonly claim: KeyClaim | undefined; readonly fence: number | undefined } = { claim: undefined, fence: 1 }): TrackedCall {
  const { claim, fence } = claimed
  return { context, heldUntilMs: askedAtMs + context.holdMs, fence, begun: claim !== undefined, recorded: claim !== undefined, dispatched: false, claim, holds: [], counts: [] }
}

/** The call as the store is to know it. */
export function termsOf({ log, matched, tracked }: CallInProgress): CallTerms {
  if (tracked !== undefined) return tracked.begun ? { ...tracked.context, begun: true, recorded: tracked.recorded } : tracked.context
  const { principal, requestId } = log
  const { holdMs, onExpiry } = matched?.plan.hold ?? { holdMs: 0, onExpiry: 'release' }
  return {
    id: requestId,
    accountId: principal?.account.id ?? '',
    keyId: principal?.key.id,
    holdMs,
    onExpiry,
  }
}

const nothing: CallInProgress['fromQuery'] = new Map()

const parametersByApi = new WeakMap<ApiOptions, ReadonlySet<string>>()

function credentialParameters(api: ApiOptions): ReadonlySet<string> {
  const known = parametersByApi.get(api)
  if (known !== undefined) return known
  const parameters = new Set(api.credentials?.from.flatMap((place) => (place.in === 'query' ? place.name : [])))
  parametersByApi.set(api, parameters)
  return parameters
}
