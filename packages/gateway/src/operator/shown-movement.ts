/** A row of the ledger as the admin API shows it: all of it, so that it can be checked, and its amounts as decimals. */
import type { LedgerRow } from 'tollgate/engine'
import { z } from 'zod'
import { formatUnits } from './money-amounts.ts'
import { instantOf, instantText, instantTextOf } from './fields.ts'

export const shownMovement = z.object({
  number: z.number().describe('of the row, among those of its subject: 1, 2, 3, …'),
  cursor: z.number().describe('its place in the order in which rows were committed'),
  subject: z.string().describe('whose balance: `account:acme`'),
  meter: z.string().describe('which balance'),
  scale: z.number().describe('the decimals that it keeps'),
  at: instantOf('when'),
  kind: z.enum(['grant', 'hold', 'settle', 'release', 'debit', 'expire', 'spend']).describe('how the money moved'),
  amount: z.string().describe('how much, as a decimal'),
  units: z.number().describe('how much, in whole units'),
  available: z.string().describe('what could be spent after it'),
  availableUnits: z.number().describe('the same in whole units'),
  held: z.string().describe('what calls held after it'),
  heldUnits: z.number().describe('the same in whole units'),
  countsUntil: instantOf('of what a meter of money counts: when it counts no more').optional(),
  callId: z.string().optional().describe('the request that moved it'),
  keyId: z.string().optional().describe('the key of that request'),
  grantId: z.string().optional().describe('the grant that it is'),
  debitId: z.string().optional().describe('the debit that it is'),
  reason: z.string().describe('why'),
})

export function showMovement({ atMs, name, countsUntilMs, ...row }: LedgerRow) {
  const decimal = (units: number): string => formatUnits(units, row.scale)
  return { ...row, meter: name, at: instantText(atMs), countsUntil: instantTextOf(countsUntilMs), amount: decimal(row.units), available: decimal(row.availableUnits), held: decimal(row.heldUnits) }
}
