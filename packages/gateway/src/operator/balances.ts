/** Prepaid money: what is there, and out of which grants. */
import type { BalanceStatement } from 'tollgate/engine'
import { z } from 'zod'
import { settings } from '../config/read/scalars.ts'
import type { AdminGateway } from './admin-gateway.ts'
import { findBalances, type BalancePlace } from './balance-places.ts'
import { accountParams } from './fields.ts'
import { operation } from './operation.ts'
import { done } from './reply.ts'
import { showBalance, shownBalance } from './shown-balance.ts'

/** Which balances are meant, where an account has several. */
export const placeFields = {
  meter: z.string().optional().describe('the balance, where there are several'),
  key: z.string().optional().describe('the balance of this key, where each has its own'),
  user: z.string().optional().describe('the balance of this user, where each has its own'),
}

export const balanceOperations = [
  operation({
    name: 'balances.list',
    method: 'GET',
    path: '/v1/accounts/{id}/balances',
    words: 'what money of an account is available and held, and what is left of each grant',
    may: 'read',
    input: { params: accountParams, query: settings(placeFields) },
    output: z.object({ account: z.string().describe('the account'), balances: z.array(shownBalance).describe('those that were asked for') }),
    async handle({ params, query }, gateway) {
      const found = await findBalances(gateway, params.id, query)
      if (!found.ok) return found
      const { account, places } = found.value
      const balances = await Promise.all(places.map((each) => statementOf(gateway, each)))
      return done({ account: account.id, balances: balances.map((each, at) => showBalance(each, places[at]?.allowance)) })
    },
  }),
] as const

export async function statementOf({ store }: AdminGateway, { subject, name, scale, allowance }: BalancePlace): Promise<BalanceStatement> {
  const statement = await store.balance(subject, name, allowance)
  return statement ?? { subject, name, scale, availableUnits: 0, heldUnits: 0, grantedUnits: 0, chargedUnits: 0, expiredUnits: 0, grants: [] }
}
