/** Prepaid money: what is there and out of which grants, and new grants. */
import { applyOne, type Account, type BalanceStatement, type GrantStatement, type LedgerRow, type Store } from 'tollgate/admission'
import { z } from 'zod'
import { settings } from '../config/scalars.ts'
import type { AdminGateway } from './admin-gateway.ts'
import { invalid, readInput, refused, type AdminRoute, type Input } from './admin-route.ts'
import { amount, formatUnits, readUnits } from './amounts.ts'
import { findBalances, oneOf, type BalancePlace } from './balance-places.ts'
import { instant, instantText, shortText } from './fields.ts'

const place = { meter: z.string().optional(), key: z.string().optional(), user: z.string().optional() }

const newGrant = settings({
  ...place,
  amount,
  reason: shortText,
  /** Who asks again under the same id grants nothing again. */
  grantId: z.string().regex(/^[\x21-\x7e]{1,128}$/, 'must be 1 to 128 printable ASCII characters without spaces').optional(),
  expiresAt: instant.optional(),
})

/** As many rows of the ledger are read at a time. */
const ROWS = 1_000

export const balanceRoutes: readonly AdminRoute[] = [
  {
    method: 'GET',
    path: '/v1/accounts/{id}/balances',
    async handle({ params, query }, gateway) {
      const input = readInput(settings(place), query)
      if ('refusal' in input) return input
      const found = await findBalances(gateway, params['id'] ?? '', input.value)
      if ('refusal' in found) return found
      const balances = await Promise.all(found.places.map((each) => statementOf(gateway, each)))
      return { body: { account: found.account.id, balances: balances.map(showBalance) } }
    },
  },
  {
    method: 'POST',
    path: '/v1/accounts/{id}/grants',
    async handle({ params, body, who }, gateway) {
      const input = readInput(newGrant, body)
      if ('refusal' in input) return input
      const { amount: written, reason, grantId: wanted, expiresAt, ...asked } = input.value
      const found = await findBalances(gateway, params['id'] ?? '', asked)
      if ('refusal' in found) return found
      const one = oneOf(found)
      if ('refusal' in one) return one
      const units = unitsToGrant(written, one.value)
      if ('refusal' in units) return units
      const nowMs = gateway.clock.wallMs()
      if (expiresAt !== undefined && expiresAt <= nowMs) return invalid('expiresAt', `${instantText(expiresAt)} is over; choose an instant that lies ahead`)
      const grantId = wanted ?? `grant_${Buffer.from(gateway.randomBytes(9)).toString('hex')}`
      return grant({ account: found.account, place: one.value, units: units.value, reason, grantId, expiresAtMs: expiresAt, nowMs, who }, gateway)
    },
  },
]

interface NewGrant {
  readonly account: Account
  readonly place: BalancePlace
  readonly units: number
  readonly reason: string
  readonly grantId: string
  readonly expiresAtMs: number | undefined
  readonly nowMs: number
  readonly who: string
}

async function grant({ account, place: at, units, reason, grantId, expiresAtMs, nowMs, who }: NewGrant, gateway: AdminGateway) {
  const { subject, name, scale } = at
  const { store, directory } = gateway
  const before = await statementOf(gateway, at)
  const isTooMuch = before.availableUnits + before.heldUnits + units > Number.MAX_SAFE_INTEGER
  if (isTooMuch) return invalid('amount', `with it "${name}" would hold more than can be counted exactly; use a smaller scale in a new balance`)
  const { granted } = await applyOne(store, { kind: 'grant', subject, name, scale, grantId, units, ...(expiresAtMs !== undefined && { expiresAtMs }), reason, nowMs })
  const after = await statementOf(gateway, at)
  const balance = showBalance(after)
  const shown = { id: grantId, amount: formatUnits(units, scale), ...(expiresAtMs !== undefined && { expiresAt: instantText(expiresAtMs) }), reason }
  if (granted) {
    const { available, held } = balance
    const was = showBalance(before)
    await directory.audit('credits.grant', { who, account: account.id, meter: name, subject, grant: shown, before: { available: was.available, held: was.held }, after: { available, held } })
    return { status: 201, body: { granted, grant: shown, balance } }
  }
  const first = await grantRow(store, at, grantId)
  if (first !== undefined && first.units !== units) {
    return refused('resource.conflict', { resource: 'grant', id: grantId, issue: `the grant "${grantId}" was made before, of ${formatUnits(first.units, scale)} and not ${shown.amount}; choose another id` })
  }
  return { body: { granted, grant: shown, balance } }
}

function unitsToGrant(written: string | number, at: BalancePlace): Input<number> {
  const read = readUnits(written, at)
  return 'value' in read && read.value === 0 ? invalid('amount', 'must be more than 0') : read
}

/** The row that made a grant, searched from the oldest on. */
async function grantRow(store: Store, { subject, name }: BalancePlace, grantId: string): Promise<LedgerRow | undefined> {
  for (let afterSeq = 0; ; ) {
    const rows = await store.ledger({ subject, name, afterSeq, limit: ROWS })
    const found = rows.find((row) => row.kind === 'grant' && row.grantId === grantId)
    const last = rows.at(-1)
    if (found !== undefined || last === undefined) return found
    afterSeq = last.seq
  }
}

async function statementOf({ store, clock }: AdminGateway, { subject, name, scale }: BalancePlace): Promise<BalanceStatement> {
  const statement = await store.balance(subject, name, clock.wallMs())
  return statement ?? { subject, name, scale, availableUnits: 0, heldUnits: 0, grantedUnits: 0, chargedUnits: 0, expiredUnits: 0, grants: [] }
}

export type ShownBalance = ReturnType<typeof showBalance>

function showBalance({ subject, name, scale, availableUnits, heldUnits, grantedUnits, chargedUnits, expiredUnits, grants }: BalanceStatement) {
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
