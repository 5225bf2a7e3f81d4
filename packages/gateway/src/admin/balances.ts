/** Prepaid money: what is there, and out of which grants. */
import type { BalanceStatement, GrantStatement } from 'tollgate/admission'
import { z } from 'zod'
import { settings } from '../config/scalars.ts'
import type { AdminGateway } from './admin-gateway.ts'
import { readInput, type AdminRoute } from './admin-route.ts'
import { formatUnits } from './amounts.ts'
import { findBalances, type BalancePlace } from './balance-places.ts'
import { instantText } from './fields.ts'

/** Which balances are meant, where an account has several. */
export const placeFields = { meter: z.string().optional(), key: z.string().optional(), user: z.string().optional() }

export const balanceRoutes: readonly AdminRoute[] = [
  {
    method: 'GET',
    path: '/v1/accounts/{id}/balances',
    async handle({ params, query }, gateway) {
      const input = readInput(settings(placeFields), query)
      if ('refusal' in input) return input
      const found = await findBalances(gateway, params['id'] ?? '', input.value)
      if ('refusal' in found) return found
      const balances = await Promise.all(found.places.map((each) => statementOf(gateway, each)))
      return { body: { account: found.account.id, balances: balances.map(showBalance) } }
    },
  },
]

export async function statementOf({ store }: AdminGateway, { subject, name, scale }: BalancePlace): Promise<BalanceStatement> {
  const statement = await store.balance(subject, name)
  return statement ?? { subject, name, scale, availableUnits: 0, heldUnits: 0, grantedUnits: 0, chargedUnits: 0, expiredUnits: 0, grants: [] }
}

export type ShownBalance = ReturnType<typeof showBalance>

export function showBalance({ subject, name, scale, availableUnits, heldUnits, grantedUnits, chargedUnits, expiredUnits, grants }: BalanceStatement) {
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
    grants: grants.map((each) => showGrant(each, decimal)),
  }
}

function showGrant({ id, availableUnits, grantedUnits, grantedAtMs, expiresAtMs, reason }: GrantStatement, decimal: (units: number) => string) {
  return {
    id,
    left: decimal(availableUnits),
    granted: decimal(grantedUnits),
    grantedAt: instantText(grantedAtMs),
    ...(expiresAtMs !== undefined && { expiresAt: instantText(expiresAtMs) }),
    reason,
  }
}
