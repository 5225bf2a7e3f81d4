/** What an account has used, holds and keeps alive: each meter's reading now, changing nothing. */
import { compact } from 'tollgate/contract'
import type { Meter, Reading } from 'tollgate/engine'
import { z } from 'zod'
import { displayOf, meterKinds, type KindName } from '../config/kinds/meter-kinds.ts'
import { takesOfAccount, takesOfKeys } from './account-takes.ts'
import { accountParams } from './fields.ts'
import { operation } from './operation.ts'
import { done, notFound } from './reply.ts'
import { showLimits } from './shown-limits.ts'

const kindNames = Object.keys(meterKinds) as KindName[]

/** Each kind in its own words: what was used, what is available, what is alive. */
const shownReading = z
  .object({
    meter: z.string().describe('the meter'),
    subject: z.string().describe('whom it counts: `account:acme`'),
    kind: z.enum(kindNames).describe('its kind, whose own figures stand beside'),
  })
  .catchall(z.union([z.string(), z.number()]))

export const usageOperations = [
  operation({
    name: 'usage.show',
    method: 'GET',
    path: '/v1/accounts/{id}/usage',
    words: 'what an account has used, can spend and keeps alive',
    may: 'read',
    input: { params: accountParams },
    output: z.object({
      account: z.string().describe('the account'),
      plan: z.string().describe('its plan'),
      meters: z.array(shownReading).describe('its own, and those of its users and keys for each of them'),
    }),
    async handle({ params }, { directory, config, store }) {
      const account = await directory.account(params.id)
      if (account === undefined) return notFound('account', params.id)
      const api = config().apis.find(({ name }) => name === account.api)
      const takes = api === undefined ? [] : [...takesOfAccount(api, account), ...takesOfKeys(api, account, await directory.keysOf(account.id))]
      const readings = takes.length === 0 ? [] : await store.peek(takes, account.id)
      return done({ account: account.id, plan: account.plan, meters: takes.flatMap(({ meter }, at) => (readings[at] === undefined ? [] : [showReading(readings[at], meter)])) })
    },
  }),
] as const

function showReading(reading: Reading, of: Meter) {
  const { name: meter, subject, kind } = reading
  return { meter, subject, kind, ...compact(displayOf(kind).show({ ...reading, ...showLimits(reading) }, of)) }
}
