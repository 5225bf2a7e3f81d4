/** Money that an operator puts into a balance or takes out of it: grants and debits, each made once under its id, and audited. */
import { applyOne, type Account } from 'tollgate/admission'
import { z } from 'zod'
import { settings } from '../config/scalars.ts'
import type { AdminGateway } from './admin-gateway.ts'
import { invalid, readInput, refused, type AdminReply, type AdminRequest, type AdminRoute, type Input } from './admin-route.ts'
import { amount, formatUnits, readUnits } from './amounts.ts'
import { findBalances, oneOf, type AskedBalances, type BalancePlace } from './balance-places.ts'
import { placeFields, showBalance, statementOf } from './balances.ts'
import { instant, instantText, shortText } from './fields.ts'

/** Who asks again under the same id changes nothing again. */
const changeId = z.string().regex(/^[\x21-\x7e]{1,128}$/, 'must be 1 to 128 printable ASCII characters without spaces').optional()

const newGrant = settings({ ...placeFields, amount, reason: shortText, grantId: changeId, expiresAt: instant.optional() })
const newDebit = settings({ ...placeFields, amount, reason: shortText, debitId: changeId })

export const balanceChangeRoutes: readonly AdminRoute[] = [
  {
    method: 'POST',
    path: '/v1/accounts/{id}/grants',
    async handle(request, gateway) {
      const input = readInput(newGrant, request.body)
      if ('refusal' in input) return input
      const change = await readChange(request, input.value, input.value.grantId ?? mintId('grant', gateway), gateway)
      if ('refusal' in change) return change
      const { expiresAt } = input.value
      const isOver = expiresAt !== undefined && expiresAt <= gateway.clock.wallMs()
      if (isOver) return invalid('expiresAt', `${instantText(expiresAt)} is over; choose an instant that lies ahead`)
      return grant(change.value, expiresAt, gateway)
    },
  },
  {
    method: 'POST',
    path: '/v1/accounts/{id}/debits',
    async handle(request, gateway) {
      const input = readInput(newDebit, request.body)
      if ('refusal' in input) return input
      const change = await readChange(request, input.value, input.value.debitId ?? mintId('debit', gateway), gateway)
      return 'refusal' in change ? change : debit(change.value, gateway)
    },
  },
]

interface Change {
  readonly account: Account
  readonly place: BalancePlace
  readonly id: string
  readonly units: number
  readonly reason: string
  readonly who: string
}

type Written = AskedBalances & { readonly amount: string | number; readonly reason: string }

async function readChange({ params, who }: AdminRequest, { amount: written, reason, ...asked }: Written, id: string, gateway: AdminGateway): Promise<Input<Change>> {
  const found = await findBalances(gateway, params['id'] ?? '', asked)
  if ('refusal' in found) return found
  const one = oneOf(found)
  if ('refusal' in one) return one
  const units = readUnits(written, one.value)
  if ('refusal' in units) return units
  if (units.value === 0) return invalid('amount', 'must be more than 0')
  return { value: { account: found.account, place: one.value, id, units: units.value, reason, who } }
}

async function grant(change: Change, expiresAtMs: number | undefined, gateway: AdminGateway): Promise<AdminReply> {
  const { place, id, units, reason } = change
  const { subject, name, scale } = place
  const before = await statementOf(gateway, place)
  const isTooMuch = before.availableUnits + before.heldUnits + units > Number.MAX_SAFE_INTEGER
  if (isTooMuch) return invalid('amount', `with it "${name}" would hold more than can be counted exactly; use a smaller scale in a new balance`)
  const expiry = expiresAtMs !== undefined && { expiresAtMs }
  const made = await applyOne(gateway.store, { kind: 'grant', subject, name, scale, grantId: id, units, ...expiry, reason })
  if (made.firstUnits !== undefined && made.firstUnits !== units) return otherAmount('grant', change, made.firstUnits)
  const balance = showBalance(await statementOf(gateway, place))
  const shown = { id, amount: formatUnits(units, scale), ...(expiresAtMs !== undefined && { expiresAt: instantText(expiresAtMs) }), reason }
  if (made.granted) await audit('credits.grant', change, { grant: shown, before: showBalance(before), after: balance }, gateway)
  return { ...(made.granted && { status: 201 }), body: { granted: made.granted, grant: shown, balance } }
}

async function debit(change: Change, gateway: AdminGateway): Promise<AdminReply> {
  const { place, id, units, reason } = change
  const { subject, name, scale } = place
  const before = await statementOf(gateway, place)
  const made = await applyOne(gateway.store, { kind: 'debit', subject, name, scale, debitId: id, units, reason })
  if (made.firstUnits !== undefined && made.firstUnits !== units) return otherAmount('debit', change, made.firstUnits)
  if (!made.debited && made.firstUnits === undefined) {
    const { remaining, used } = made.reading
    const held = used === 0 ? '' : `; calls hold ${formatUnits(used, scale)}, which no debit takes`
    const facts = { balance: { units: remaining, scale }, required: { units, scale } }
    return refused('credit.insufficient', { ...facts, issue: `only ${formatUnits(remaining, scale)} of "${name}" is available${held}` })
  }
  const balance = showBalance(await statementOf(gateway, place))
  const shown = { id, amount: formatUnits(units, scale), reason }
  if (made.debited) await audit('credits.debit', change, { debit: shown, before: showBalance(before), after: balance }, gateway)
  return { ...(made.debited && { status: 201 }), body: { debited: made.debited, debit: shown, balance } }
}

function otherAmount(resource: 'grant' | 'debit', { id, units, place: { scale } }: Change, firstUnits: number) {
  return refused('resource.conflict', {
    resource,
    id,
    issue: `the ${resource} "${id}" was made before, of ${formatUnits(firstUnits, scale)} and not ${formatUnits(units, scale)}; choose another id`,
  })
}

type Figures = Pick<ReturnType<typeof showBalance>, 'available' | 'held'>

async function audit(
  action: string,
  { account, place: { subject, name }, who }: Change,
  { before, after, ...what }: { readonly before: Figures; readonly after: Figures; readonly [change: string]: unknown },
  { directory }: AdminGateway,
): Promise<void> {
  const figures = ({ available, held }: Figures): Figures => ({ available, held })
  await directory.audit(action, { who, account: account.id, meter: name, subject, ...what, before: figures(before), after: figures(after) })
}

function mintId(of: 'grant' | 'debit', { randomBytes }: AdminGateway): string {
  return `${of}_${Buffer.from(randomBytes(9)).toString('hex')}`
}
