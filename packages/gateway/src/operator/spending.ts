/** What is spent, account by account, of every meter that counts money: for the check of the ledger. */
import { compact } from 'tollgate/contract'
import { countsMoney, kindOf, type Reading, type Take } from 'tollgate/engine'
import { z } from 'zod'
import { settings } from '../config/read/scalars.ts'
import { takesOfAccount, takesOfKeys } from './account-takes.ts'
import { formatUnits } from './money-amounts.ts'
import { instantOf, instantText, nextOf, nextPage, page } from './fields.ts'
import { operation } from './operation.ts'
import { done } from './reply.ts'

const counter = z.object({
  account: z.string().describe('the account'),
  subject: z.string().describe('whom it counts: `key:key_1`'),
  meter: z.string().describe('the meter'),
  scale: z.number().describe('the decimals that it keeps'),
  used: z.string().describe('what is spent, and what open calls may cost, as a decimal'),
  usedUnits: z.number().describe('the same in whole units'),
  resetAt: instantOf('what counts now counts until then, or longer'),
})

export const spendingOperations = [
  operation({
    name: 'spending.list',
    method: 'GET',
    path: '/v1/spending',
    words: 'what is spent, of every meter that counts money',
    may: 'read',
    input: { query: settings(page) },
    output: z.object({ now: instantOf('when it was read'), counters: z.array(counter).describe('account by account'), ...nextPage }),
    async handle({ query }, { directory, config, store, clock }) {
      const apis = new Map(config().apis.flatMap((api) => (Object.values(api.meters).some(({ meter }) => countsMoney(meter)) ? [[api.name, api]] : [])))
      const accounts = apis.size === 0 ? [] : await directory.listAccounts(compact(query))
      const takes: (Take & { readonly account: string })[] = []
      for (const account of accounts) {
        const api = apis.get(account.api)
        const all = api === undefined ? [] : [...takesOfAccount(api, account), ...takesOfKeys(api, account, await directory.keysOf(account.id))]
        takes.push(...all.flatMap((take) => (countsMoney(take.meter) ? [{ ...take, account: account.id }] : [])))
      }
      const readings = takes.length === 0 ? [] : await store.peek(takes)
      const counters = takes.flatMap((take, at) => (readings[at] === undefined ? [] : [showCounter(take, readings[at])]))
      return done({ now: instantText(clock.wallMs()), counters, next: nextOf(accounts, query.limit, ({ id }) => id) })
    },
  }),
] as const

function showCounter({ account, subject, name, meter }: Take & { readonly account: string }, { used, resetAtMs }: Reading) {
  const scale = kindOf(meter).scaleOf(meter) ?? 0
  return { account, subject, meter: name, scale, used: formatUnits(used, scale), usedUnits: used, resetAt: instantText(resetAtMs) }
}
