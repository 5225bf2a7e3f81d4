/** The part of a store that keeps money, and whatever else must outlive its process: paid and keyed calls, sessions and stock, the ledger. */
import type { BalanceStatement } from './money/balance-statement.ts'
import type { CallTerms, CallHold, CallRecord, CallState, ClaimResult, KeyClaim, StoredAnswer, UsedUnits } from './calls/call-record.ts'
import type { AdmitCommand, CounterResults, ExtendCommand } from './counters.ts'
import type { Engine } from './engine.ts'
import type { Lease, LeaseState } from './calls/lease-record.ts'
import type { LedgerRow } from './money/ledger.ts'
import type { Reading, Take } from './meters/meter.ts'
import type { Allowance } from './money/renewal.ts'

/** Claims an idempotency key. Becomes durable with the call's next durable command, at the latest with `dispatch`. */
export interface ClaimCommand {
  readonly kind: 'claim'
  readonly claim: KeyClaim
  readonly call: CallTerms
  /** Take over a call whose outcome is unknown, under its hold: it goes on under this call's id, with the next fence. */
  readonly redispatch?: boolean
}
/** The call goes to the upstream. The same again has the same result. */
export interface DispatchCommand {
  readonly kind: 'dispatch'
  readonly callId: string
  /** As in the terms of the call. */
  readonly recorded?: boolean | undefined
}
/** Ends a call. Its slots are free whatever becomes of the command. */
export interface SettleCommand {
  readonly kind: 'settle'
  readonly callId: string
  /** As in the terms of the call. */
  readonly recorded?: boolean | undefined
  /** Void if the call was taken over since. */
  readonly fence?: number | undefined
  readonly outcome: 'done' | 'released' | 'unknown'
  /** With `done`: at most what is held, more is cut to it and said. Undefined: all that is held. */
  readonly chargeUnits?: number
  /** With `done` and `unknown`: what was used of what it reserved, counted from now on in its place, also above the limit. */
  readonly used?: UsedUnits | undefined
  /** Kept for the key, if the call has one. */
  readonly answer?: StoredAnswer | undefined
  readonly reason: string
  /** By hand, over the heads of gateway and service: what they say afterwards is void, even if it is the same. */
  readonly by?: 'operator'
  /** With `done`: where the deadline has given all back meanwhile, it is charged all the same, out of what is available by then. */
  readonly late?: LateCharge
  /** With `released`: leaves a record without key, so that the same again has the same answer. For who asks from outside, and may not hear it. */
  readonly remembered?: boolean
}
/** What the store has forgotten of a call whose deadline gave all back. */
export interface LateCharge {
  readonly call: CallTerms
  /** Bound again with the charge; where another call has the key by now, nothing is charged. */
  readonly claim?: KeyClaim | undefined
  /** What it held. */
  readonly holds: readonly LateHold[]
  /** What was counted of it, to be counted anew, as far as its limits leave room. */
  readonly counts?: readonly Take[]
}
export interface LateHold extends Pick<CallHold, 'subject' | 'name' | 'scale' | 'units'> {
  /** What renews the balance: what is due of it is available too. */
  readonly allowance?: Allowance | undefined
}
/** Gives what a running call took of durable leases a life of its own, under an id of the service's. */
export interface BindLeaseCommand {
  readonly kind: 'bind-lease'
  readonly callId: string
  readonly api: string
  readonly id: string
  /** Undefined: until it is ended. */
  readonly expiresAtMs?: number | undefined
}
/** Moves the end of a living lease of this account; undefined: until it is ended. */
export interface RenewLeaseCommand {
  readonly kind: 'renew-lease'
  readonly accountId: string
  readonly id: string
  readonly expiresAtMs?: number | undefined
}
/** Ends a lease of this account. The same again has the same result. */
export interface EndLeaseCommand {
  readonly kind: 'end-lease'
  readonly accountId: string
  readonly id: string
  readonly as: 'released' | 'terminated'
}
/** Puts money into a balance, once per `grantId`, which does not begin with `renew:`. */
export interface GrantCommand {
  readonly kind: 'grant'
  readonly subject: string
  readonly name: string
  readonly scale: number
  readonly grantId: string
  readonly units: number
  readonly expiresAtMs?: number
  readonly reason: string
  /** What renews the balance; what is due of it is granted first. */
  readonly allowance?: Allowance | undefined
}
/** Takes money out of a balance at once, once per `debitId`: what is available, the grant that expires first before the others, never what is held. */
export interface DebitCommand {
  readonly kind: 'debit'
  readonly subject: string
  readonly name: string
  readonly scale: number
  readonly debitId: string
  readonly units: number
  readonly reason: string
  /** What renews the balance; what is due of it is granted first. */
  readonly allowance?: Allowance | undefined
}
/**
 * Resolves what is due, earliest first: calls past their deadline, leases and grants past their expiry. Forgets what need not be kept any longer:
 * done calls, tombstones of leases, subjects in whose record nothing counts any more.
 */
export interface SweepCommand {
  readonly kind: 'sweep'
  /** Of each kind at most so many. */
  readonly limit: number
  /** How long the tombstone of a lease stays after its end. Default: 30 days. */
  readonly leasesKeptMs?: number
}

/** A stage holds money and leases, and an extension the calls that have them. */
export type MoneyCommand =
  | AdmitCommand
  | ExtendCommand
  | ClaimCommand
  | DispatchCommand
  | SettleCommand
  | BindLeaseCommand
  | RenewLeaseCommand
  | EndLeaseCommand
  | GrantCommand
  | DebitCommand
  | SweepCommand

export interface MoneyResults extends Pick<CounterResults, 'admit' | 'extend'> {
  claim: ClaimResult
  /** `dispatched: false`: the call is over, or was never known. */
  dispatch: { readonly dispatched: boolean }
  settle: Settlement
  /** `bound: false`: the call has nothing to give, or the id is taken; then `lease` is who has it. */
  'bind-lease': { readonly bound: boolean; readonly lease: Lease | undefined }
  /** `done: false`: the lease is over already in another way, or the account has none of this id. */
  'renew-lease': { readonly done: boolean; readonly lease: Lease | undefined }
  'end-lease': { readonly done: boolean; readonly lease: Lease | undefined }
  /** `granted: false`: this grant was made before, of `firstUnits`. */
  grant: { readonly granted: boolean; readonly firstUnits?: number; readonly reading: Reading }
  /** `debited: false`: this debit was made before, of `firstUnits`; without them, not so much is available. */
  debit: { readonly debited: boolean; readonly firstUnits?: number; readonly reading: Reading }
  /**
   * `nextDueMs`: what is to be resolved next, as far as is known; it may turn out to be settled by then. Not after the sweep's own instant where a
   * limit was reached: then more is to be done at once.
   */
  sweep: { readonly calls: number; readonly leases: number; readonly grants: number; readonly nextDueMs?: number }
}

/** How a call was settled. Units are whole, of the scale of its balance. */
export interface Settlement {
  /** False: void, since the call is over, was taken over, or was never known. The same settlement again is as true as the first. */
  readonly settled: boolean
  /** Charged by this or by what ended the call before. */
  readonly chargedUnits: number
  /** What was asked beyond the hold and not charged. */
  readonly shortUnits: number
  /** As it now stands; undefined when nothing is left of it. */
  readonly call: CallRecord | undefined
}

/** Which calls are asked for. */
export interface CallQuery {
  readonly accountId?: string
  readonly state?: CallState
  /** Only calls with an idempotency key, or only without. */
  readonly keyed?: boolean
  /** Only calls created before this instant; newest first, of one instant by id downwards. */
  readonly beforeMs?: number
  /** Only what comes after this call in that order: the last of the page before, which need not exist any more. */
  readonly before?: Pick<CallRecord, 'createdAtMs' | 'id'> | undefined
  readonly limit: number
}

/** Which leases are asked for. */
export interface LeaseQuery {
  readonly accountId: string
  readonly api?: string
  readonly state?: LeaseState
  /** Only what comes after this lease: the last of the page before. Newest first, of one instant by id, then by API, downwards. */
  readonly before?: Pick<Lease, 'createdAtMs' | 'id' | 'api'> | undefined
  readonly limit: number
}

/** Which rows of the ledger are asked for. */
export interface LedgerQuery {
  readonly subject?: string
  /** The balance meter. */
  readonly name?: string
  readonly callId?: string
  /** Only rows with a higher `cursor`. */
  readonly after?: number
  /** Only rows with a lower `cursor`. */
  readonly before?: number
  /** By `cursor`, upwards or downwards. Default: the oldest first. */
  readonly order?: 'oldest' | 'newest'
  readonly limit: number
}

/** An engine that keeps money, calls, leases and the ledger. All that it is asked to do is durable. */
export interface MoneyEngine extends Engine<MoneyCommand> {
  /** Paid and keyed calls: while they live, then until their answer is no longer kept. Released calls are gone; the ledger knows them. */
  call(id: string): Promise<CallRecord | undefined>
  calls(query: CallQuery): Promise<readonly CallRecord[]>
  lease(api: string, id: string): Promise<Lease | undefined>
  leases(query: LeaseQuery): Promise<readonly Lease[]>
  ledger(query: LedgerQuery): Promise<readonly LedgerRow[]>
  /** The money of a subject; undefined if it never had any under this name. Where it renews, with what is due of its allowance. Its cost does not grow with the ledger. */
  balance(subject: string, name: string, allowance?: Allowance): Promise<BalanceStatement | undefined>
}
