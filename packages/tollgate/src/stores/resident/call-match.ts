/** By what calls, leases and the ledger are searched. One meaning for every store. */
import type { CallRecord } from '../../engine/calls/call-record.ts'
import type { Lease } from '../../engine/calls/lease-record.ts'
import type { LedgerRow } from '../../engine/money/ledger.ts'
import type { CallQuery, LeaseQuery, LedgerQuery } from '../../engine/money-commands.ts'
import { isPast } from './page-order.ts'

export function matchesCall(call: CallRecord, { accountId, state, keyed, beforeMs, before }: CallQuery): boolean {
  return (
    (accountId === undefined || call.accountId === accountId) &&
    (state === undefined || call.state === state) &&
    (keyed === undefined || (call.claim !== undefined) === keyed) &&
    (beforeMs === undefined || call.createdAtMs < beforeMs) &&
    isPast(call, before)
  )
}

export function matchesLease(lease: Lease, { accountId, api, state, before }: LeaseQuery): boolean {
  return lease.accountId === accountId && (api === undefined || lease.api === api) && (state === undefined || lease.state === state) && isPast(lease, before)
}

export function matchesRow(row: LedgerRow, { subject, name, callId, after, before }: LedgerQuery): boolean {
  return (
    (subject === undefined || row.subject === subject) &&
    (name === undefined || row.name === name) &&
    (callId === undefined || row.callId === callId) &&
    (after === undefined || row.cursor > after) &&
    (before === undefined || row.cursor < before)
  )
}
