/** The ledger: every movement of money, by account, key, user, balance and request. */
import { compact } from 'tollgate/contract'
import { identityOf } from 'tollgate/directory'
import { formatSubject } from 'tollgate/engine'
import { z } from 'zod'
import { integer, settings } from '../config/read/scalars.ts'
import { limitOf, nextOf, nextPage } from './fields.ts'
import { operation } from './operation.ts'
import { done, invalid, notFound } from './reply.ts'
import { shownMovement, showMovement } from './shown-movement.ts'

const filters = settings({
  account: z.string().optional().describe('only those of this account'),
  key: z.string().optional().describe('only those of a balance that is kept for this key'),
  user: z.string().optional().describe('only those of a balance that is kept for this user of the account'),
  meter: z.string().optional().describe('only those of this balance'),
  request: z.string().optional().describe('only those of this request'),
  order: z.enum(['newest', 'oldest']).default('newest').describe('which come first'),
  after: integer(0).optional().describe('goes on after the row with this cursor, in the order asked for'),
  limit: limitOf(100),
})

export const ledgerOperations = [
  operation({
    name: 'ledger.list',
    method: 'GET',
    path: '/v1/ledger',
    words: 'every movement of money',
    may: 'read',
    input: { query: filters },
    output: z.object({ rows: z.array(shownMovement).describe('in the order asked for'), ...nextPage }),
    async handle({ query: { account, key, user, meter, request, order, after, limit } }, { store, directory }) {
      // A name that is misspelt would otherwise look like an account to which nothing has happened.
      if (account !== undefined && (await directory.account(account)) === undefined && (await directory.deletedAccount(account)) === undefined) return notFound('account', account)
      const ofKey = key === undefined ? undefined : await directory.keyById(key)
      if (key !== undefined && ofKey === undefined) return notFound('key', key)
      if (user !== undefined && account === undefined) return invalid('account', 'is missing: a user is one of an account')
      const subject = subjectOf({ account, key: ofKey && identityOf(ofKey), user })
      const place = order === 'newest' ? { before: after } : { after }
      const rows = await store.ledger(compact({ subject, name: meter, callId: request, ...place, order, limit }))
      return done({ rows: rows.map(showMovement), next: nextOf(rows, limit, ({ cursor }) => String(cursor)) })
    },
  }),
] as const

function subjectOf({ account, key, user }: { readonly account: string | undefined; readonly key: string | undefined; readonly user: string | undefined }): string | undefined {
  if (key !== undefined) return formatSubject({ of: 'key', id: key })
  if (account === undefined) return undefined
  return formatSubject(user === undefined ? { of: 'account', id: account } : { of: 'user', account, id: user })
}
