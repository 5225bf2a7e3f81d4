/**
 * Deleting an account: its keys and its row go, its ledger and the rows of the request log stay. What it has and what it is doing is in the way, unless
 * the operator says what becomes of it: open calls are released, sessions ended, and its money is written off by a debit, so that the ledger ends at zero.
 */
import { applyOne, openStates, pagesOf, type Account, type CallRecord, type Lease } from 'tollgate/admission'
import { z } from 'zod'
import { settings } from '../config/scalars.ts'
import type { AdminGateway } from './admin-gateway.ts'
import { notFound, readInput, refused, type AdminReply, type AdminRoute } from './admin-route.ts'
import { formatUnits } from './amounts.ts'
import { findBalances, type BalancePlace } from './balance-places.ts'
import { statementOf } from './balances.ts'

export const accountDeletionRoutes: readonly AdminRoute[] = [
  {
    method: 'DELETE',
    path: '/v1/accounts/{id}',
    async handle({ params, query, who }, gateway) {
      const input = readInput(settings({ force: z.enum(['true', 'false']).default('false') }), query)
      if ('refusal' in input) return input
      const id = params['id'] ?? ''
      const account = await gateway.directory.account(id)
      if (account === undefined) return notFound('account', id)
      return deleteAccount(account, input.value.force === 'true', who, gateway)
    },
  },
]

interface Belongings {
  readonly money: readonly (BalancePlace & { readonly availableUnits: number; readonly heldUnits: number })[]
  readonly calls: readonly CallRecord[]
  readonly sessions: readonly Lease[]
}

async function deleteAccount(account: Account, isForced: boolean, who: string, gateway: AdminGateway): Promise<AdminReply> {
  const { directory, clock } = gateway
  const { id, api, status } = account
  const before = await belongingsOf(account, gateway)
  if ('refusal' in before) return before
  const inTheWay = listed(before)
  if (inTheWay !== undefined && !isForced) return stillHas(id, inTheWay)
  // Nobody begins anything from here on; what began in between is seen now.
  await directory.updateAccount(id, (current) => ({ ...current, status: 'disabled' }))
  const found = await belongingsOf(account, gateway)
  if ('refusal' in found) return found
  const meanwhile = listed(found)
  if (meanwhile !== undefined && !isForced) {
    await directory.updateAccount(id, (current) => ({ ...current, status }))
    return stillHas(id, meanwhile)
  }
  const writtenOff = await endAll(account, found, gateway)
  const keys = await directory.deleteAccount(id, { id, api, deletedAtMs: clock.wallMs() })
  const deleted = { account: id, keys, callsReleased: found.calls.length, sessionsEnded: found.sessions.length, writtenOff }
  await directory.audit('account.delete', { who, ...deleted })
  return { body: { deleted } }
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

async function belongingsOf(account: Account, gateway: AdminGateway): Promise<Belongings | Extract<AdminReply, { refusal: unknown }>> {
  const { store } = gateway
  const found = await findBalances(gateway, account.id, {})
  if ('refusal' in found) return found
  const money = await Promise.all(found.places.map(async (place) => ({ ...place, ...(await statementOf(gateway, place)) })))
  const calls: CallRecord[] = []
  for (const state of openStates) for await (const page of pagesOf<CallRecord>((from) => store.calls({ accountId: account.id, state, ...from }))) calls.push(...page)
  const sessions: Lease[] = []
  for await (const page of pagesOf<Lease>((from) => store.leases({ accountId: account.id, state: 'active', ...from }))) sessions.push(...page)
  return { money, calls, sessions }
}

/** Returns what was written off. What it does twice, because the first time broke off, has the effect of once. */
async function endAll({ id }: Account, { money, calls, sessions }: Belongings, gateway: AdminGateway) {
  const { store, clock } = gateway
  for (const call of calls) await applyOne(store, { kind: 'settle', callId: call.id, outcome: 'released', reason: 'account deleted', by: 'operator' })
  for (const lease of sessions) await applyOne(store, { kind: 'end-lease', accountId: id, id: lease.id, as: 'terminated' })
  const writtenOff: { meter: string; subject: string; amount: string }[] = []
  for (const place of money) {
    const { subject, name, scale } = place
    const { availableUnits } = await statementOf(gateway, place)
    if (availableUnits === 0) continue
    await applyOne(store, { kind: 'debit', subject, name, scale, debitId: `account-deleted-${clock.wallMs()}`, units: availableUnits, reason: 'account deleted' })
    writtenOff.push({ meter: name, subject, amount: formatUnits(availableUnits, scale) })
  }
  return writtenOff
}
