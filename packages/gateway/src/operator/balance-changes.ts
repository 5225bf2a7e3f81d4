/** Money that an operator puts into a balance or takes out of it: grants and debits, each made once under its id, and audited. */
import { compact } from 'tollgate/contract'
import type { Account } from 'tollgate/directory'
import { z } from 'zod'
import { settings } from '../config/read/scalars.ts'
import type { AdminGateway } from './admin-gateway.ts'
import { amount, formatUnits, readUnits } from './money-amounts.ts'
import { findBalances, oneOf, type AskedBalances, type BalancePlace } from './balance-places.ts'
import { placeFields, statementOf } from './balances.ts'
import { accountParams, instantOf, instantText, instantTextOf, shortText, until, untilMs } from './fields.ts'
import { operation } from './operation.ts'
import { done, invalid, refused, type OrRefused } from './reply.ts'
import { showBalance, shownBalance } from './shown-balance.ts'

const changeId = z.string().regex(/^[\x21-\x7e]{1,128}$/, 'must be 1 to 128 printable ASCII characters without spaces').regex(/^(?!renew:)/, 'must not begin with renew:, as the ids of allowances do').optional().describe('who asks again under the same id changes nothing again; default: one is made')

const asked = { ...placeFields, amount, reason: shortText.describe('what the ledger says of it') }
const madeFields = { id: z.string().describe('under which it was made'), amount: z.string().describe('what it is'), reason: z.string().describe('what the ledger says of it') }
const balance = shownBalance.describe('what is there now')

export const balanceChangeOperations = [
  operation({
    name: 'grants.create',
    method: 'POST',
    path: '/v1/accounts/{id}/grants',
    words: 'put money into a balance, once for each id',
    may: 'money',
    input: { params: accountParams, body: settings({ ...asked, grantId: changeId, expiresAt: until.optional().describe('when what is left of it is gone') }) },
    output: z.object({
      granted: z.boolean().describe('false: it was made before'),
      grant: z.object({ ...madeFields, expiresAt: instantOf('when what is left of it is gone').optional() }).describe('as it was asked for'),
      balance,
    }),
    async handle({ params, body: { grantId, expiresAt, ...written }, who }, gateway) {
      const change = await readChange({ accountId: params.id, id: grantId ?? mintId('grant', gateway), who }, written, gateway)
      if (!change.ok) return change
      const nowMs = gateway.clock.wallMs()
      const expiresAtMs = expiresAt && untilMs(expiresAt, nowMs)
      if (expiresAtMs !== undefined && expiresAtMs <= nowMs) return invalid('expiresAt', `${instantText(expiresAtMs)} is over; choose an instant that lies ahead`)
      return grant(change.value, expiresAtMs, gateway)
    },
  }),
  operation({
    name: 'debits.create',
    method: 'POST',
    path: '/v1/accounts/{id}/debits',
    words: 'take money out of a balance at once, once for each id; never what calls hold',
    may: 'money',
    input: { params: accountParams, body: settings({ ...asked, debitId: changeId }) },
    output: z.object({ debited: z.boolean().describe('false: it was made before'), debit: z.object(madeFields).describe('as it was asked for'), balance }),
    async handle({ params, body: { debitId, ...written }, who }, gateway) {
      const change = await readChange({ accountId: params.id, id: debitId ?? mintId('debit', gateway), who }, written, gateway)
      return change.ok ? debit(change.value, gateway) : change
    },
  }),
] as const

interface Change {
  readonly account: Account
  readonly place: BalancePlace
  readonly id: string
  readonly units: number
  readonly reason: string
  readonly who: string
}

type Asked = { readonly accountId: string } & Pick<Change, 'id' | 'who'>
type Written = AskedBalances & { readonly amount: string | number; readonly reason: string }

async function readChange({ accountId, id, who }: Asked, { amount: written, reason, ...places }: Written, gateway: AdminGateway): Promise<OrRefused<Change>> {
  const found = await findBalances(gateway, accountId, places)
  if (!found.ok) return found
  const one = oneOf(found.value)
  if (!one.ok) return one
  const units = readUnits(written, one.value)
  if (!units.ok) return units
  if (units.value === 0) return invalid('amount', 'must be more than 0')
  return { ok: true, value: { account: found.value.account, place: one.value, id, units: units.value, reason, who } }
}

async function grant(change: Change, expiresAtMs: number | undefined, gateway: AdminGateway) {
  const { place, id, units, reason } = change
  const { subject, name, scale, allowance } = place
  const before = await statementOf(gateway, place)
  const isTooMuch = before.availableUnits + before.heldUnits + units > Number.MAX_SAFE_INTEGER
  if (isTooMuch) return invalid('amount', `with it "${name}" would hold more than can be counted exactly; use a smaller scale in a new balance`)
  const { result, isAgain } = await gateway.order(compact({ kind: 'grant' as const, subject, name, scale, grantId: id, units, expiresAtMs, reason, allowance }))
  const { firstUnits } = result
  if (firstUnits !== undefined && firstUnits !== units) return otherAmount('grant', change, firstUnits)
  const granted = result.granted || isAgain
  const after = showBalance(await statementOf(gateway, place), allowance)
  const shown = { id, amount: formatUnits(units, scale), expiresAt: instantTextOf(expiresAtMs), reason }
  if (granted) await audit('credits.grant', change, { grant: shown, before: showBalance(before, allowance), after }, gateway)
  return done({ granted, grant: shown, balance: after }, granted ? 201 : 200)
}

async function debit(change: Change, gateway: AdminGateway) {
  const { place, id, units, reason } = change
  const { subject, name, scale, allowance } = place
  const before = await statementOf(gateway, place)
  const { result, isAgain } = await gateway.order({ kind: 'debit', subject, name, scale, debitId: id, units, reason, allowance })
  const { firstUnits } = result
  if (firstUnits !== undefined && firstUnits !== units) return otherAmount('debit', change, firstUnits)
  if (!result.debited && firstUnits === undefined) {
    const { remaining, used } = result.reading
    const held = used === 0 ? '' : `; calls hold ${formatUnits(used, scale)}, which no debit takes`
    const facts = { balance: { units: remaining, scale }, required: { units, scale } }
    return refused('credit.insufficient', { ...facts, issue: `only ${formatUnits(remaining, scale)} of "${name}" is available${held}` })
  }
  const debited = result.debited || isAgain
  const after = showBalance(await statementOf(gateway, place), allowance)
  const shown = { id, amount: formatUnits(units, scale), reason }
  if (debited) await audit('credits.debit', change, { debit: shown, before: showBalance(before, allowance), after }, gateway)
  return done({ debited, debit: shown, balance: after }, debited ? 201 : 200)
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
