/** What lives on after the call that took it: sessions and stock units. The store calls them leases. */
import { applyOne, type Lease } from 'tollgate/admission'
import { z } from 'zod'
import { integer, settings } from '../config/scalars.ts'
import type { AdminGateway } from './admin-gateway.ts'
import { notFound, readInput, refused, type AdminRoute } from './admin-route.ts'
import { instantText } from './fields.ts'
import { formatCursor, parseCursor } from './time-cursor.ts'

const states = ['active', 'released', 'terminated', 'expired'] as const

const filters = settings({ state: z.enum(states).optional(), after: z.string().optional(), limit: integer(1, 1_000).default(50) })

export const sessionRoutes: readonly AdminRoute[] = [
  {
    method: 'GET',
    path: '/v1/accounts/{id}/sessions',
    async handle({ params, query }, { store, directory, clock }) {
      const input = readInput(filters, query)
      if ('refusal' in input) return input
      const { state, after, limit } = input.value
      const account = await directory.account(params['id'] ?? '')
      if (account === undefined) return notFound('account', params['id'] ?? '')
      const cursor = parseCursor(after)
      if ('refusal' in cursor) return cursor
      const leases = await store.leases({
        accountId: account.id,
        limit,
        ...(state !== undefined && { state }),
        ...(cursor.value !== undefined && { before: { ...cursor.value, api: account.api } }),
      })
      const shown = leases.map((lease) => showSession(lease, clock.wallMs())).filter((session) => state === undefined || session.state === state)
      const last = leases.length < limit ? undefined : leases.at(-1)
      return { body: { sessions: shown, ...(last !== undefined && { next: formatCursor(last) }) } }
    },
  },
  {
    method: 'GET',
    path: '/v1/accounts/{id}/sessions/{session}',
    async handle({ params }, gateway) {
      const found = await findSession(params, gateway)
      return 'refusal' in found ? found : { body: { session: showSession(found.lease, gateway.clock.wallMs()) } }
    },
  },
  {
    method: 'POST',
    path: '/v1/accounts/{id}/sessions/{session}/end',
    async handle({ params, body, who }, gateway) {
      const input = readInput(settings({ as: z.enum(['terminated', 'released']).default('terminated') }), body)
      if ('refusal' in input) return input
      const found = await findSession(params, gateway)
      if ('refusal' in found) return found
      const { id, accountId, state } = found.lease
      const nowMs = gateway.clock.wallMs()
      const { done, lease } = await applyOne(gateway.store, { kind: 'end-lease', accountId, id, as: input.value.as })
      if (!done || lease === undefined) return refused('resource.conflict', { resource: 'session', id, issue: `the session is ${lease?.state ?? 'gone'} already` })
      const after = showSession(lease, nowMs)
      if (state === 'active') await gateway.directory.audit('session.end', { who, session: id, account: accountId, before: showSession(found.lease, nowMs), after })
      return { body: { session: after } }
    },
  },
]

async function findSession(params: { readonly [name: string]: string }, { store, directory }: AdminGateway) {
  const account = await directory.account(params['id'] ?? '')
  if (account === undefined) return notFound('account', params['id'] ?? '')
  const id = params['session'] ?? ''
  const lease = await store.lease(account.api, id)
  if (lease?.accountId === account.id) return { lease }
  return refused('resource.not_found', { resource: 'session', id, issue: `the account ${account.id} has no session "${id.slice(0, 100)}"` })
}

export type ShownSession = ReturnType<typeof showSession>

/** What is past its deadline is over, swept or not. */
function showSession({ createdAtMs, expiresAtMs, endedAtMs, taken, ...lease }: Lease, nowMs: number) {
  const isOver = lease.state === 'active' && expiresAtMs !== undefined && expiresAtMs <= nowMs
  const overAtMs = isOver ? expiresAtMs : endedAtMs
  return {
    ...lease,
    state: isOver ? ('expired' as const) : lease.state,
    taken: taken.map(({ subject, name, quantity }) => ({ meter: name, subject, quantity })),
    createdAt: instantText(createdAtMs),
    ...(expiresAtMs !== undefined && { expiresAt: instantText(expiresAtMs) }),
    ...(overAtMs !== undefined && { endedAt: instantText(overAtMs) }),
  }
}
