/**
 * Whether a ledger adds up, and agrees with the calls. It shares nothing with the code that moves the money: own arithmetic, from the rows alone.
 *
 * Give it all rows of a store, in order, and all calls that are known: those that live, and those that are done. A hold that no living call
 * answers for would never be given back; that is a violation too.
 */
import type { CallRecord } from './call-record.ts'
import type { LedgerRow } from './ledger.ts'

export type ViolationKind =
  /** A row is missing, or stands twice. */
  | 'gap'
  /** Units that are not positive integers. */
  | 'amount'
  /** What the row says is there afterwards is not what was there before and moved. */
  | 'sum'
  | 'negative'
  | 'scale'
  | 'granted_twice'
  /** A movement of held money that names no call, or one that never held any. */
  | 'unknown_call'
  /** More is charged or released than the call holds. */
  | 'beyond_hold'
  | 'settled_twice'
  /** Charged after all that it held had been given back. */
  | 'charged_after_release'
  /** Held, and no living call would ever end it. */
  | 'lost_hold'
  /** The record of a call says another hold or charge than the ledger. */
  | 'call_differs'
  /** Two calls were charged under one idempotency key while its answer was kept. */
  | 'key_charged_twice'

export interface Violation {
  readonly kind: ViolationKind
  readonly message: string
  readonly seq?: number
  readonly callId?: string
}

interface Account {
  available: number
  held: number
  readonly scale: number
  readonly grants: Set<string>
}

/** What one call did with one balance. */
interface Share {
  readonly callId: string
  readonly at: string
  held: number
  settled: number
  settlements: number
  released: number
}

export function checkLedger(rows: readonly LedgerRow[], calls: readonly CallRecord[]): Violation[] {
  const violations: Violation[] = []
  const accounts = new Map<string, Account>()
  const shares = new Map<string, Share>()
  let lastSeq = 0
  for (const row of rows) {
    const report = (kind: ViolationKind, message: string): void => {
      violations.push({ kind, message: `row ${row.seq}: ${message}`, seq: row.seq, ...(row.callId !== undefined && { callId: row.callId }) })
    }
    if (row.seq !== lastSeq + 1) report('gap', `follows row ${lastSeq}`)
    lastSeq = row.seq
    if (!Number.isSafeInteger(row.units) || row.units <= 0) report('amount', `${row.units} units`)
    checkSums(row, accounts, report)
    if (row.kind !== 'grant' && row.kind !== 'expire') checkShare(row, shares, report)
  }
  return [...violations, ...checkCalls(shares, calls), ...checkKeys(calls)]
}

type Report = (kind: ViolationKind, message: string) => void

function checkSums(row: LedgerRow, accounts: Map<string, Account>, report: Report): void {
  const at = placeOf(row)
  const account = accounts.get(at) ?? { available: 0, held: 0, scale: row.scale, grants: new Set() }
  accounts.set(at, account)
  if (row.scale !== account.scale) report('scale', `scale ${row.scale} in a balance of scale ${account.scale}`)
  switch (row.kind) {
    case 'grant':
      account.available += row.units
      if (row.grantId !== undefined && account.grants.has(row.grantId)) report('granted_twice', `grant ${row.grantId} was made before`)
      if (row.grantId !== undefined) account.grants.add(row.grantId)
      break
    case 'hold':
      account.available -= row.units
      account.held += row.units
      break
    case 'settle':
      account.held -= row.units
      break
    case 'release':
      account.held -= row.units
      account.available += row.units
      break
    case 'expire':
      account.available -= row.units
  }
  if (account.available < 0 || account.held < 0) report('negative', `leaves ${account.available} available and ${account.held} held`)
  if (row.availableUnits !== account.available || row.heldUnits !== account.held) {
    report('sum', `says ${row.availableUnits} available and ${row.heldUnits} held, which are ${account.available} and ${account.held}`)
    // From here on what the row says, so that one fault is reported once.
    account.available = row.availableUnits
    account.held = row.heldUnits
  }
}

function checkShare(row: LedgerRow, shares: Map<string, Share>, report: Report): void {
  const { callId, units, kind } = row
  if (callId === undefined) {
    report('unknown_call', `a ${kind} of no call`)
    return
  }
  const at = placeOf(row)
  const key = JSON.stringify([callId, at])
  const share = shares.get(key) ?? { callId, at, held: 0, settled: 0, settlements: 0, released: 0 }
  if (kind === 'hold') {
    share.held += units
    shares.set(key, share)
    return
  }
  if (!shares.has(key)) {
    report('unknown_call', `a ${kind} of ${callId}, which never held any`)
    return
  }
  if (kind === 'settle' && share.settlements > 0) report('settled_twice', `${callId} was settled before`)
  if (kind === 'settle' && share.held === 0 && share.released > 0) report('charged_after_release', `${callId} had given all back`)
  else if (units > share.held) report('beyond_hold', `a ${kind} of ${units}, but ${callId} holds ${share.held}`)
  share.held -= units
  if (kind === 'release') share.released += units
  else {
    share.settled += units
    share.settlements += 1
  }
}

/** The records against what the ledger says of each call. */
function checkCalls(shares: ReadonlyMap<string, Share>, calls: readonly CallRecord[]): Violation[] {
  const violations: Violation[] = []
  const sharesOf = new Map<string, Share[]>()
  for (const share of shares.values()) sharesOf.set(share.callId, [...(sharesOf.get(share.callId) ?? []), share])
  const living = new Map(calls.filter(({ state }) => state !== 'done').map((call) => [call.id, call]))

  for (const { callId, at, held } of shares.values()) {
    if (held > 0 && !living.has(callId)) violations.push({ kind: 'lost_hold', message: `${held} of ${at} are held for ${callId}, which does not live`, callId })
  }
  for (const call of calls) {
    const own = sharesOf.get(call.id) ?? []
    for (const at of new Set([...own.map((share) => share.at), ...call.holds.map(placeOf)])) {
      const held = own.find((share) => share.at === at)?.held ?? 0
      const said = call.holds.filter((hold) => placeOf(hold) === at).reduce((total, { units }) => total + units, 0)
      if (living.has(call.id) && held !== said) violations.push({ kind: 'call_differs', message: `${call.id} says it holds ${said} of ${at}, the ledger says ${held}`, callId: call.id })
    }
    const settled = own.reduce((total, share) => total + share.settled, 0)
    if (settled !== call.chargedUnits) violations.push({ kind: 'call_differs', message: `${call.id} says it was charged ${call.chargedUnits}, the ledger says ${settled}`, callId: call.id })
  }
  return violations
}

function checkKeys(calls: readonly CallRecord[]): Violation[] {
  const violations: Violation[] = []
  const charged = new Map<string, CallRecord>()
  for (const call of calls.filter(({ chargedUnits }) => chargedUnits > 0).toSorted((a, b) => a.createdAtMs - b.createdAtMs)) {
    if (call.claim === undefined) continue
    const before = charged.get(call.claim.scope)
    if (before?.ended !== undefined && call.createdAtMs < before.ended.keptUntilMs) {
      violations.push({ kind: 'key_charged_twice', message: `${before.id} and ${call.id} were charged under one key`, callId: call.id })
    }
    charged.set(call.claim.scope, call)
  }
  return violations
}

function placeOf({ subject, name }: { readonly subject: string; readonly name: string }): string {
  return `${name} of ${subject}`
}
