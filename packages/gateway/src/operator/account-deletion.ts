/**
 * Deleting an account: its keys and its row go, its ledger and the rows of the request log stay. What it has and what it is doing is in the way, unless
 * the operator says what becomes of it: open calls are released, sessions ended, and its money is written off by a debit, so that the ledger ends at zero.
 */
import type { Account } from 'tollgate/directory'
import { openStates, pagesOf, type CallRecord, type Lease } from 'tollgate/engine'
import { z } from 'zod'
import { settings } from '../config/read/scalars.ts'
import type { AdminGateway } from './admin-gateway.ts'
import { formatUnits } from './money-amounts.ts'
import { findBalances, type BalancePlace } from './balance-places.ts'
import { statementOf } from './balances.ts'
import { accountParams, truth } from './fields.ts'
import { operation } from './operation.ts'
import { done, notFound, refused, type OrRefused } from './reply.ts'

const writtenOff = z.object({ meter: z.string().describe('the balance'), subject: z.string().describe('whose it was'), amount: z.string().describe('what was left of it') })

export const accountDeletion = operation({
  name: 'accounts.delete',
  method: 'DELETE',
  path: '/v1/accounts/{id}',
  words: 'delete an account and its keys; refused while it has money, open calls or sessions',
  may: 'money',
  input: { params: accountParams, query: settings({ force: truth.default(false).describe('releases its calls, ends its sessions and writes off its money') }) },
  output: z.object({
    deleted: z
      .object({
        account: z.string().describe('its id, which is not free again'),
        keys: z.number().describe('how many keys went with it'),
        callsReleased: z.number().describe('how many calls were released'),
        sessionsEnded: z.number().describe('how many sessions were ended'),
        writtenOff: z.array(writtenOff).describe('its money'),
      })
      .describe('what went'),
  }),
  async handle({ params: { id }, query: { force }, who }, gateway) {
    const account = await gateway.directory.account(id)
    return account === undefined ? notFound('account', id) : deleteAccount(account, force, who, gateway)
  },
})

interface Belongings {
  readonly money: readonly (BalancePlace & { readonly availableUnits: number; readonly heldUnits: number })[]
  readonly calls: readonly CallRecord[]
  readonly sessions: readonly Lease[]
}

async function deleteAccount(account: Account, isForced: boolean, who: string, gateway: AdminGateway) {
  const { directory, clock } = gateway
  const { id, api, status } = account
  const before = await belongingsOf(account, gateway)
  if (!before.ok) return before
  const inTheWay = listed(before.value)
  if (inTheWay !== undefined && !isForced) return stillHas(id, inTheWay)
  // Nobody begins anything from here on; what began in between is seen now.
  await directory.updateAccount(id, (current) => ({ ...current, status: 'disabled' }))
  const found = await belongingsOf(account, gateway)
  if (!found.ok) return found
  const { calls, sessions } = found.value
  const meanwhile = listed(found.value)
  if (meanwhile !== undefined && !isForced) {
    await directory.updateAccount(id, (current) => ({ ...current, status }))
    return stillHas(id, meanwhile)
  }
  const money = await endAll(account, found.value, gateway)
  const keys = await directory.deleteAccount(id, { id, api, deletedAtMs: clock.wallMs() })
  const deleted = { account: id, keys, callsReleased: calls.length, sessionsEnded: sessions.length, writtenOff: money }
  await directory.audit('account.delete', { who, ...deleted })
  return done({ deleted })
}

function stillHas(id: string, what: string) {
  return refused('resource.conflict', { resource: 'account', id, issue: `the account ${id} has ${what}; with force (--force) its calls are released, its sessions ended and its money is written off` })
}

/** For a sentence; undefined where there is nothing. */
function listed({ money, calls, sessions }: Belongings): string | undefined {
  const parts = [
    ...money.flatMap(({ name, scale, availableUnits, heldUnits }) => [
      ...(availableUnits > 0 ? [`${formatUnits(availableUnits, scale)} of ${name}`] : []),
      ...(heldUnits > 0 ? [`${formatUnits(heldUnits, scale)} of ${name} held`] : []),
    ]),
    ...(calls.length > 0 ? [`${calls.length} open calls`] : []),
    ...(sessions.length > 0 ? [`${sessions.length} sessions`] : []),
  ]
  return parts.length === 0 ? undefined : parts.join(', ')
}

async function belongingsOf(account: Account, gateway: AdminGateway): Promise<OrRefused<Belongings>> {
  const { store } = gateway
  const found = await findBalances(gateway, account.id, {})
  if (!found.ok) return found
  // What the next period would bring is not the account's yet.
  const places = found.value.places.map((place) => ({ ...place, allowance: undefined }))
  const money = await Promise.all(places.map(async (place) => ({ ...place, ...(await statementOf(gateway, place)) })))
  const calls: CallRecord[] = []
  for (const state of openStates) for await (const page of pagesOf<CallRecord>((from) => store.calls({ accountId: account.id, state, ...from }))) calls.push(...page)
  const sessions: Lease[] = []
  for await (const page of pagesOf<Lease>((from) => store.leases({ accountId: account.id, state: 'active', ...from }))) sessions.push(...page)
  return { ok: true, value: { money, calls, sessions } }
}

/** Returns what was written off. What it does twice, because the first time broke off, has the effect of once. */
async function endAll({ id }: Account, { money, calls, sessions }: Belongings, gateway: AdminGateway) {
  const { order, clock } = gateway
  for (const call of calls) await order({ kind: 'settle', callId: call.id, outcome: 'released', remembered: call.state !== 'unknown', reason: 'account deleted', by: 'operator' })
  for (const lease of sessions) await order({ kind: 'end-lease', accountId: id, id: lease.id, as: 'terminated' })
  const gone: z.output<typeof writtenOff>[] = []
  for (const place of money) {
    const { subject, name, scale } = place
    const { availableUnits } = await statementOf(gateway, place)
    if (availableUnits === 0) continue
    await order({ kind: 'debit', subject, name, scale, debitId: `account-deleted-${clock.wallMs()}`, units: availableUnits, reason: 'account deleted' })
    gone.push({ meter: name, subject, amount: formatUnits(availableUnits, scale) })
  }
  return gone
}
