/** What lives on after the call that took it: sessions and stock units. The store calls them leases. */
import { compact } from 'tollgate/contract'
import type { Lease } from 'tollgate/engine'
import { z } from 'zod'
import { settings } from '../config/read/scalars.ts'
import type { AdminGateway } from './admin-gateway.ts'
import { accountParams, limitOf, nextOf, nextPage } from './fields.ts'
import { operation } from './operation.ts'
import { done, notFound, refused, type OrRefused } from './reply.ts'
import { sessionState, showSession, shownSession } from './shown-session.ts'
import { formatCursor, timeCursor } from './time-cursor.ts'

const sessionParams = accountParams.extend({ session: z.string().describe('the session, by the id that its service gave it') })

const one = z.object({ session: shownSession.describe('as it is now') })

export const sessionOperations = [
  operation({
    name: 'sessions.list',
    method: 'GET',
    path: '/v1/accounts/{id}/sessions',
    words: 'sessions and units of stock of an account',
    may: 'read',
    input: { params: accountParams, query: settings({ state: sessionState.optional().describe('only those in this state'), after: timeCursor.optional(), limit: limitOf(50) }) },
    output: z.object({ sessions: z.array(shownSession).describe('the newest first'), ...nextPage }),
    async handle({ params, query: { state, after, limit } }, { store, directory, clock }) {
      const account = await directory.account(params.id)
      if (account === undefined) return notFound('account', params.id)
      const leases = await store.leases(compact({ accountId: account.id, limit, state, before: after && { ...after, api: account.api } }))
      const shown = leases.map((lease) => showSession(lease, clock.wallMs())).filter((session) => state === undefined || session.state === state)
      return done({ sessions: shown, next: nextOf(leases, limit, formatCursor) })
    },
  }),
  operation({
    name: 'sessions.show',
    method: 'GET',
    path: '/v1/accounts/{id}/sessions/{session}',
    words: 'one session',
    may: 'read',
    input: { params: sessionParams },
    output: one,
    async handle({ params }, gateway) {
      const found = await findSession(params, gateway)
      return found.ok ? done({ session: showSession(found.value, gateway.clock.wallMs()) }) : found
    },
  }),
  operation({
    name: 'sessions.end',
    method: 'POST',
    path: '/v1/accounts/{id}/sessions/{session}/end',
    words: 'end a session and give back what it occupies; its money is not touched',
    may: 'write',
    input: { params: sessionParams, body: settings({ as: z.enum(['terminated', 'released']).default('terminated').describe('what it is from then on') }) },
    output: one,
    async handle({ params, body, who }, gateway) {
      const found = await findSession(params, gateway)
      if (!found.ok) return found
      const { id, accountId, state } = found.value
      const nowMs = gateway.clock.wallMs()
      const { done: isDone, lease } = (await gateway.order({ kind: 'end-lease', accountId, id, as: body.as })).result
      if (!isDone || lease === undefined) return refused('resource.conflict', { resource: 'session', id, issue: `the session is ${lease?.state ?? 'gone'} already` })
      const after = showSession(lease, nowMs)
      if (state === 'active') await gateway.directory.audit('session.end', { who, session: id, account: accountId, before: showSession(found.value, nowMs), after })
      return done({ session: after })
    },
  }),
] as const

async function findSession(params: z.output<typeof sessionParams>, { store, directory }: AdminGateway): Promise<OrRefused<Lease>> {
  const account = await directory.account(params.id)
  if (account === undefined) return notFound('account', params.id)
  const id = params.session
  const lease = await store.lease(account.api, id)
  if (lease?.accountId === account.id) return { ok: true, value: lease }
  return refused('resource.not_found', { resource: 'session', id, issue: `the account ${account.id} has no session "${id.slice(0, 100)}"` })
}
