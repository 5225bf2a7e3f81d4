/** Whether the records of calls agree with what the ledger says of each, and with each other. */
import { formatMoney } from '../../contract/values/money.ts'
import type { CallRecord } from '../calls/call-record.ts'
import type { Violation } from './ledger-violation.ts'

/** What one call did with one balance. */
export interface Share {
  readonly callId: string
  readonly at: string
  readonly scale: number
  held: number
  settled: number
  settlements: number
  released: number
}

/** The records against what the ledger says of each call. */
export function checkCalls(shares: ReadonlyMap<string, readonly Share[]>, calls: readonly CallRecord[]): Violation[] {
  const violations: Violation[] = []
  const living = new Map(calls.filter(({ state }) => state !== 'done').map((call) => [call.id, call]))

  for (const { callId, at, scale, held } of each(shares)) {
    if (held > 0 && !living.has(callId)) violations.push({ kind: 'lost_hold', message: `${allDecimals(held, scale)} of ${at} are held for ${callId}, which does not live`, callId })
  }
  for (const call of calls) {
    const own = shares.get(call.id) ?? []
    const scale = own[0]?.scale ?? call.holds[0]?.scale ?? 0
    const decimal = (units: number): string => allDecimals(units, scale)
    for (const at of new Set([...own.map((share) => share.at), ...call.holds.map(placeOf)])) {
      const held = own.find((share) => share.at === at)?.held ?? 0
      const said = call.holds.filter((hold) => placeOf(hold) === at).reduce((total, { units }) => total + units, 0)
      if (living.has(call.id) && held !== said) violations.push({ kind: 'call_differs', message: `${call.id} says it holds ${decimal(said)} of ${at}, the ledger says ${decimal(held)}`, callId: call.id })
    }
    const settled = own.reduce((total, share) => total + share.settled, 0)
    if (call.countedScale === undefined && settled !== call.chargedUnits) violations.push({ kind: 'call_differs', message: `${call.id} says it was charged ${decimal(call.chargedUnits)}, the ledger says ${decimal(settled)}`, callId: call.id })
  }
  return violations
}

function* each(shares: ReadonlyMap<string, readonly Share[]>): Iterable<Share> {
  for (const own of shares.values()) yield* own
}

export function checkKeys(calls: readonly CallRecord[]): Violation[] {
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

/** With all decimals that the scale has. */
export function allDecimals(units: number, scale: number): string {
  return formatMoney({ units, scale }, scale)
}

export function placeOf({ subject, name }: { readonly subject: string; readonly name: string }): string {
  return `${name} of ${subject}`
}
