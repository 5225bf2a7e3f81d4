/**
 * Whether a ledger adds up, and agrees with the calls. It shares nothing with the code that moves the money: own arithmetic, from the rows alone.
 *
 * Give it all rows of a store, in the order of commits, and all calls that are known: those that live, and those that are done. A hold that no living call
 * answers for would never be given back; that is a violation too. Rows may come one by one: a ledger need not fit into memory, its calls must.
 */
import type { CallRecord } from '../calls/call-record.ts'
import { checkCalls, checkKeys, allDecimals, placeOf, type Share } from './ledger-call-check.ts'
import type { LedgerRow } from './ledger.ts'
import { createSpendCheck, type SpendCounter } from './ledger-spend-check.ts'
import type { Violation, ViolationKind } from './ledger-violation.ts'

/** A check under way. It keeps what each balance and each call comes to, not the rows. */
export interface LedgerCheck {
  /** The next row, in the order of the ledger. */
  add(row: LedgerRow): void
  /** What is wrong with the rows so far, between them and the calls, and between these and what meters of money count. */
  against(calls: Iterable<CallRecord>, counters?: Iterable<SpendCounter>): Violation[]
}

interface Account {
  /** Whose money, for sentences. */
  readonly at: string
  available: number
  held: number
  readonly scale: number
  readonly grants: Set<string>
  readonly debits: Set<string>
}

/**
 * What is wrong with these rows, and between them and the calls; empty if nothing is. For a ledger that fits into memory.
 *
 * @example
 * const violations = checkLedger(await store.ledger({ limit: 1_000 }), await store.calls({ limit: 1_000 }))
 * for (const { kind, message } of violations) console.error(kind, message)
 */
export function checkLedger(rows: Iterable<LedgerRow>, calls: Iterable<CallRecord>, counters: Iterable<SpendCounter> = []): Violation[] {
  const check = createLedgerCheck()
  for (const row of rows) check.add(row)
  return check.against(calls, counters)
}

/**
 * A check that takes the rows one by one, all of a store and in order.
 *
 * @example
 * const check = createLedgerCheck()
 * for (const row of await store.ledger({ limit: 1_000 })) check.add(row)
 * const violations = check.against(await store.calls({ limit: 1_000 }))
 */
export function createLedgerCheck(): LedgerCheck {
  const violations: Violation[] = []
  const accounts = new Map<string, Account>()
  /** Of each call; seldom more than one. */
  const shares = new Map<string, Share[]>()
  /** Of each subject. */
  const lastNumbers = new Map<string, number>()
  const spending = createSpendCheck()
  return {
    add(row) {
      const report = (kind: ViolationKind, message: string): void => {
        violations.push({ kind, message: `row ${row.number} of ${row.subject}: ${message}`, number: row.number, callId: row.callId })
      }
      const lastNumber = lastNumbers.get(row.subject) ?? 0
      if (row.number !== lastNumber + 1) report('gap', `follows row ${lastNumber}`)
      lastNumbers.set(row.subject, row.number)
      if (!Number.isSafeInteger(row.units) || row.units <= 0) report('amount', `${row.units} units`)
      if (row.kind === 'spend') {
        spending.add(row)
        return
      }
      const { at } = checkSums(row, accounts, report)
      if (row.kind === 'hold' || row.kind === 'settle' || row.kind === 'release') checkShare(row, at, shares, report)
    },
    against(calls, counters = []) {
      const known = [...calls]
      return [...violations, ...checkCalls(shares, known), ...checkKeys(known), ...spending.against(known, counters, shares)]
    },
  }
}

type Report = (kind: ViolationKind, message: string) => void

function checkSums(row: LedgerRow, accounts: Map<string, Account>, report: Report): Account {
  const at = placeOf(row)
  const decimal = (units: number): string => allDecimals(units, row.scale)
  const account = accounts.get(at) ?? { at, available: 0, held: 0, scale: row.scale, grants: new Set(), debits: new Set() }
  accounts.set(at, account)
  if (row.scale !== account.scale) report('scale', `scale ${row.scale} in a balance of scale ${account.scale}`)
  switch (row.kind) {
    case 'grant':
      account.available += row.units
      if (!isFirst(row.grantId, account.grants)) report('granted_twice', `grant ${row.grantId} was made before`)
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
    case 'debit':
      account.available -= row.units
      if (!isFirst(row.debitId, account.debits)) report('debited_twice', `debit ${row.debitId} was made before`)
      break
    case 'expire':
      account.available -= row.units
  }
  if (account.available < 0 || account.held < 0) report('negative', `leaves ${decimal(account.available)} available and ${decimal(account.held)} held`)
  if (row.availableUnits !== account.available || row.heldUnits !== account.held) {
    report('sum', `says ${decimal(row.availableUnits)} available and ${decimal(row.heldUnits)} held, which are ${decimal(account.available)} and ${decimal(account.held)}`)
    // From here on what the row says, so that one fault is reported once.
    account.available = row.availableUnits
    account.held = row.heldUnits
  }
  return account
}

/** Notes the id. What has none cannot be known again. */
function isFirst(id: string | undefined, ids: Set<string>): boolean {
  const isNew = id === undefined || !ids.has(id)
  if (id !== undefined) ids.add(id)
  return isNew
}

function checkShare(row: LedgerRow, at: string, shares: Map<string, Share[]>, report: Report): void {
  const { callId, units, kind } = row
  if (callId === undefined) {
    report('unknown_call', `a ${kind} of no call`)
    return
  }
  const own = shares.get(callId)
  const known = own?.find((share) => share.at === at)
  if (kind === 'hold') {
    if (known !== undefined) known.held += units
    else shares.set(callId, [...(own ?? []), { callId, at, scale: row.scale, held: units, settled: 0, settlements: 0, released: 0 }])
    return
  }
  if (known === undefined) {
    report('unknown_call', `a ${kind} of ${callId}, which never held any`)
    return
  }
  if (kind === 'settle' && known.settlements > 0) report('settled_twice', `${callId} was settled before`)
  if (kind === 'settle' && known.held === 0 && known.released > 0) report('charged_after_release', `${callId} had given all back`)
  else if (units > known.held) report('beyond_hold', `a ${kind} of ${allDecimals(units, row.scale)}, but ${callId} holds ${allDecimals(known.held, row.scale)}`)
  known.held -= units
  if (kind === 'release') known.released += units
  else {
    known.settled += units
    known.settlements += 1
  }
}
