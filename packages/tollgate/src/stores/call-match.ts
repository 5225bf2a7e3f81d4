/** By what calls, leases and the ledger are searched. One meaning for every store. */
import type { CallRecord } from '../admission/call-record.ts'
import type { Lease } from '../admission/lease.ts'
import type { LedgerRow } from '../admission/ledger.ts'
import type { CallQuery, LeaseQuery, LedgerQuery } from '../admission/store.ts'

export function matchesCall(call: CallRecord, { accountId, state, keyed, beforeMs }: CallQuery): boolean {
  return (
    (accountId === undefined || call.accountId === accountId) &&
    (state === undefined || call.state === state) &&
    (keyed === undefined || (call.claim !== undefined) === keyed) &&
    (beforeMs === undefined || call.createdAtMs < beforeMs)
  )
}

export function matchesLease(lease: Lease, { accountId, state }: LeaseQuery): boolean {
  return lease.accountId === accountId && (state === undefined || lease.state === state)
}

export function matchesRow(row: LedgerRow, { subject, callId, afterSeq }: LedgerQuery): boolean {
  return (
    (subject === undefined || row.subject === subject) && (callId === undefined || row.callId === callId) && (afterSeq === undefined || row.seq > afterSeq)
  )
}
