/** A balance as the admin API shows it: amounts as decimals in its unit. */
import type { Allowance, BalanceStatement, GrantStatement } from 'tollgate/engine'
import { z } from 'zod'
import { formatUnits } from './money-amounts.ts'
import { instantOf, instantText, instantTextOf } from './fields.ts'

const shownGrant = z.object({
  id: z.string().describe('under which it was made'),
  left: z.string().describe('what is left of it'),
  granted: z.string().describe('what it was'),
  grantedAt: instantOf('when it was made'),
  expiresAt: instantOf('when what is left of it is gone').optional(),
  reason: z.string().describe('what the ledger says of it'),
})

export const shownBalance = z.object({
  meter: z.string().describe('the balance'),
  subject: z.string().describe('whose it is: `account:acme`'),
  scale: z.number().describe('the decimals that it keeps'),
  available: z.string().describe('what can be spent'),
  held: z.string().describe('what calls hold'),
  granted: z.string().describe('all that was ever put in'),
  charged: z.string().describe('all that was ever charged'),
  expired: z.string().describe('all that was gone before it was spent'),
  allowance: z.string().describe('of one that renews: what each period brings').optional(),
  renewsAt: instantOf('when the next one comes').optional(),
  grants: z.array(shownGrant).describe('of which something is left'),
})

export function showBalance({ subject, name, scale, availableUnits, heldUnits, grantedUnits, chargedUnits, expiredUnits, grants, renewsAtMs }: BalanceStatement, allowance: Allowance | undefined) {
  const decimal = (units: number): string => formatUnits(units, scale)
  return {
    meter: name,
    subject,
    scale,
    available: decimal(availableUnits),
    held: decimal(heldUnits),
    granted: decimal(grantedUnits),
    charged: decimal(chargedUnits),
    expired: decimal(expiredUnits),
    allowance: allowance && decimal(allowance.units),
    renewsAt: instantTextOf(renewsAtMs),
    grants: grants.map((each) => showGrant(each, decimal)),
  }
}

function showGrant({ id, availableUnits, grantedUnits, grantedAtMs, expiresAtMs, reason }: GrantStatement, decimal: (units: number) => string) {
  return { id, left: decimal(availableUnits), granted: decimal(grantedUnits), grantedAt: instantText(grantedAtMs), expiresAt: instantTextOf(expiresAtMs), reason }
}
