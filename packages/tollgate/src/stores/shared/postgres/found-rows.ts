/** Rows of the tables of slots and of their owners, as the engine has them. */
import type { Finding } from '../../../engine/footprint.ts'
import type { CallSlots } from '../../../engine/meters/slot-book.ts'
import { parseRow } from '../../stored-json.ts'
import type { SqlResult } from './sql-connection.ts'

export type SqlRow = SqlResult['rows'][number]

export function slotOwner(row: SqlRow): string | undefined {
  return (row['owner'] as string | null) ?? undefined
}

/** A row for each meter; the answers to admissions are in the first. */
export function slotsByCall(rows: readonly SqlRow[]): ReadonlyMap<string, CallSlots> {
  const found = new Map<string, CallSlots>()
  for (const row of rows) {
    const callId = row['call_id'] as string
    const former = found.get(callId)
    const taken = { subject: row['subject'] as string, name: row['name'] as string, quantity: Number(row['quantity']) }
    const admissions = row['admissions'] === null ? [] : parseRow<CallSlots['admissions']>(row['admissions'] as string)
    found.set(callId, { deadlineMs: Number(row['deadline_ms']), owner: slotOwner(row), taken: [...(former?.taken ?? []), taken], admissions: [...(former?.admissions ?? []), ...admissions] })
  }
  return found
}

/** Until when they live was read with what they have. */
export function ownersIn(rows: readonly SqlRow[]): readonly Finding[] {
  return rows.flatMap((row): readonly Finding[] => {
    const owner = slotOwner(row)
    return owner === undefined ? [] : [{ of: 'owner', owner, found: row['until_ms'] === null ? undefined : Number(row['until_ms']) }]
  })
}
