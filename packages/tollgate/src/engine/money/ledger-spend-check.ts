/** Whether meters that count money count what the ledger says was spent, and what open calls may cost. */
import type { CallRecord } from '../calls/call-record.ts'
import { countsUntilMs } from '../kinds/kinds.ts'
import { allDecimals, placeOf, type Share } from './ledger-call-check.ts'
import type { LedgerRow } from './ledger.ts'
import type { Violation } from './ledger-violation.ts'

/** What a meter says that counts money, for one subject. */
export interface SpendCounter {
  readonly subject: string
  readonly name: string
  readonly scale: number
  readonly usedUnits: number
  /** What counts now counts until then or longer. */
  readonly resetAtMs: number
  /** When it was read. Rows and calls that are dated later are of a time that was ahead, and their counts were forgotten when it was set back. */
  readonly readAtMs: number
}

export interface SpendCheck {
  add(row: LedgerRow): void
  against(calls: readonly CallRecord[], counters: Iterable<SpendCounter>, shares: ReadonlyMap<string, readonly Share[]>): Violation[]
}

/** So many instants are kept of one meter before those are dropped that are over. */
const INSTANTS_MAX = 1_024

interface Spent {
  readonly untilMs: number
  readonly atMs: number
  readonly units: number
}

export function createSpendCheck(): SpendCheck {
  /** By meter and subject, and by the instant until which it counts. */
  const spentAt = new Map<string, Map<number, Spent>>()
  /** By call, and by meter: under another key of its account a call goes on with what it has. */
  const spentBy = new Map<string, Map<string, { units: number; readonly scale: number }>>()

  function knownUnits({ subject, name, resetAtMs, readAtMs }: SpendCounter, open: readonly CallRecord[]): number {
    let units = 0
    for (const spent of spentAt.get(placeOf({ subject, name }))?.values() ?? []) if (spent.untilMs >= resetAtMs && spent.atMs <= readAtMs) units += spent.units
    for (const count of open.flatMap(({ createdAtMs, counts = [] }) => (createdAtMs <= readAtMs ? counts : []))) {
      if (count.subject === subject && count.name === name && countsUntilMs(count) >= resetAtMs) units += count.cost
    }
    return units
  }

  return {
    add({ subject, name, units, scale, atMs, countsUntilMs: untilMs = 0, callId = '' }) {
      const at = placeOf({ subject, name })
      const periods = spentAt.get(at) ?? new Map<number, Spent>()
      if (periods.size >= INSTANTS_MAX) for (const over of periods.keys()) if (over <= atMs) periods.delete(over)
      const before = periods.get(untilMs)
      periods.set(untilMs, { untilMs, atMs: Math.min(before?.atMs ?? atMs, atMs), units: (before?.units ?? 0) + units })
      spentAt.set(at, periods)
      const own = spentBy.get(callId) ?? new Map<string, { units: number; readonly scale: number }>()
      own.set(name, { units: (own.get(name)?.units ?? 0) + units, scale })
      spentBy.set(callId, own)
    },

    against(calls, counters, shares) {
      const violations: Violation[] = []
      const records = new Map(calls.map((call) => [call.id, call]))
      for (const [callId, meters] of spentBy) {
        const own = shares.get(callId)
        const charged = records.get(callId)?.chargedUnits ?? own?.reduce((total, { settled }) => total + settled, 0)
        for (const [name, { units, scale }] of meters) {
          if (charged !== undefined && charged !== units) violations.push({ kind: 'spend_differs', message: `${callId} was charged ${allDecimals(charged, scale)}, and ${name} has ${allDecimals(units, scale)} of it as spent`, callId })
        }
      }
      for (const { id, countedScale, chargedUnits } of calls) {
        if (countedScale !== undefined && chargedUnits > 0 && !spentBy.has(id)) violations.push({ kind: 'spend_differs', message: `${id} says it was charged ${allDecimals(chargedUnits, countedScale)}, and nothing of it is written down as spent`, callId: id })
      }
      const open = calls.filter(({ counts }) => counts !== undefined)
      for (const counter of counters) {
        const { scale, usedUnits } = counter
        const known = knownUnits(counter, open)
        if (known === usedUnits) continue
        const at = placeOf(counter)
        violations.push({ kind: 'spend_differs', message: `${at} says ${allDecimals(usedUnits, scale)} spent, the ledger and the open calls say ${allDecimals(known, scale)}`, counter: { at, differenceUnits: usedUnits - known } })
      }
      return violations
    },
  }
}
