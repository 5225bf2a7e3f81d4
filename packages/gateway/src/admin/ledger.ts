/** The ledger: every movement of money, by account, key, user, balance and request. */
import { formatSubject, identityOf, type LedgerRow } from 'tollgate/admission'
import { z } from 'zod'
import { integer, settings } from '../config/scalars.ts'
import { invalid, notFound, readInput, type AdminRoute } from './admin-route.ts'
import { formatUnits } from './amounts.ts'
import { instantText } from './fields.ts'

const filters = settings({
  account: z.string().optional(),
  /** Of a balance that is kept for each key. */
  key: z.string().optional(),
  /** Of a balance that is kept for each user. */
  user: z.string().optional(),
  meter: z.string().optional(),
  request: z.string().optional(),
  order: z.enum(['newest', 'oldest']).default('newest'),
  /** The cursor of the row after which to go on, in the order asked for. */
  after: integer(0).optional(),
  limit: integer(1, 1_000).default(100),
})

export const ledgerRoutes: readonly AdminRoute[] = [
  {
    method: 'GET',
    path: '/v1/ledger',
    async handle({ query }, { store, directory }) {
      const input = readInput(filters, query)
      if ('refusal' in input) return input
      const { account, key, user, meter, request, order, after, limit } = input.value
      // A name that is misspelt would else look like an account to which nothing has happened.
      if (account !== undefined && (await directory.account(account)) === undefined && (await directory.deletedAccount(account)) === undefined) return notFound('account', account)
      const ofKey = key === undefined ? undefined : await directory.keyById(key)
      if (key !== undefined && ofKey === undefined) return notFound('key', key)
      if (user !== undefined && account === undefined) return invalid('account', 'is missing: a user is one of an account')
      const subject = subjectOf({ account, key: ofKey && identityOf(ofKey), user })
      const rows = await store.ledger({
        ...(subject !== undefined && { subject }),
        ...(meter !== undefined && { name: meter }),
        ...(request !== undefined && { callId: request }),
        ...(after !== undefined && (order === 'newest' ? { before: after } : { after })),
        order,
        limit,
      })
      const last = rows.length < limit ? undefined : rows.at(-1)
      return { body: { rows: rows.map(showRow), ...(last !== undefined && { next: String(last.cursor) }) } }
    },
  },
]

function subjectOf({ account, key, user }: { readonly account: string | undefined; readonly key: string | undefined; readonly user: string | undefined }): string | undefined {
  if (key !== undefined) return formatSubject({ of: 'key', id: key })
  if (account === undefined) return undefined
  return formatSubject(user === undefined ? { of: 'account', id: account } : { of: 'user', account, id: user })
}

export type ShownRow = ReturnType<typeof showRow>

/** All of the row, so that it can be checked, and its amounts as decimals. */
export function showRow({ atMs, name, ...row }: LedgerRow) {
  const decimal = (units: number): string => formatUnits(units, row.scale)
  return { ...row, meter: name, at: instantText(atMs), amount: decimal(row.units), available: decimal(row.availableUnits), held: decimal(row.heldUnits) }
}
