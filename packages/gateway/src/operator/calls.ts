/** Paid and keyed calls, with their idempotency keys and holds. An operator settles calls of unknown outcome, and running ones on demand. */
import { compact } from 'tollgate/contract'
import { heldMoney, type CallRecord } from 'tollgate/engine'
import { z } from 'zod'
import { settings } from '../config/read/scalars.ts'
import type { AdminGateway } from './admin-gateway.ts'
import { amount, formatUnits, readUnits } from './money-amounts.ts'
import { instantText, limitOf, nextOf, nextPage, since, sinceMs, truth } from './fields.ts'
import { shownMovement, showMovement } from './shown-movement.ts'
import { operation } from './operation.ts'
import { done, invalid, notFound, refused, type OrRefused } from './reply.ts'
import { callState, showCall, shownCall } from './shown-call.ts'
import { formatCursor, timeCursor } from './time-cursor.ts'

const filters = settings({
  account: z.string().optional().describe('only those of this account'),
  state: callState.optional().describe('only those in this state'),
  keyed: truth.optional().describe('only those with, or without, an idempotency key'),
  before: since.optional().describe('only those that began earlier'),
  after: timeCursor.optional(),
  limit: limitOf(50),
})

const evenIfRunning = z.boolean().default(false).describe('whether one may be settled whose service could still settle it')

const settlement = z.discriminatedUnion('outcome', [
  settings({ outcome: z.literal('charge').describe('the work was done'), amount: amount.optional().describe('at most what is held; default: all of it'), evenIfRunning }),
  settings({ outcome: z.literal('release').describe('the work was not done'), evenIfRunning }),
])

const callParams = z.object({ id: z.string().describe('the call, by its request id') })

const storedAnswer = z.object({
  status: z.number().describe('of HTTP'),
  headers: z.array(z.string()).describe('name, value, name, value, …'),
  body: z.string().describe('as it was sent'),
  encoding: z.enum(['utf8', 'base64']).describe('of the body'),
})

/** One call seldom has more than three rows in the ledger. */
const MOVEMENTS = 100

export const callOperations = [
  operation({
    name: 'calls.list',
    method: 'GET',
    path: '/v1/calls',
    words: 'paid and keyed calls that are kept, the newest first',
    may: 'read',
    input: { query: filters },
    output: z.object({ calls: z.array(shownCall).describe('the newest first'), ...nextPage }),
    async handle({ query: { account: accountId, state, keyed, before, after, limit } }, { store, directory, clock }) {
      if (accountId !== undefined && (await directory.account(accountId)) === undefined) return notFound('account', accountId)
      const beforeMs = before && sinceMs(before, clock.wallMs())
      const calls = await store.calls(compact({ limit, accountId, state, keyed, beforeMs, before: after }))
      return done({ calls: calls.map(showCall), next: nextOf(calls, limit, formatCursor) })
    },
  }),
  operation({
    name: 'calls.show',
    method: 'GET',
    path: '/v1/calls/{id}',
    words: 'one call: its state, what it holds and how its money moved',
    may: 'read',
    input: { params: callParams, query: settings({ body: truth.default(false).describe('the stored answer too, which may hold personal data') }) },
    output: z.object({
      call: shownCall.describe('as it is now'),
      movements: z.array(shownMovement).describe('its rows of the ledger'),
      answer: storedAnswer.optional().describe('what is replayed, where it was asked for'),
    }),
    async handle({ params: { id }, query: { body } }, { store }) {
      const call = await store.call(id)
      if (call === undefined) return noCall(id)
      const movements = await store.ledger({ callId: id, limit: MOVEMENTS })
      return done({ call: showCall(call), movements: movements.map(showMovement), answer: body ? call.answer : undefined })
    },
  }),
  operation({
    name: 'calls.settle',
    method: 'POST',
    path: '/v1/calls/{id}/settle',
    words: 'settle a call whose outcome is unknown: charge it, or give all back',
    may: 'money',
    input: { params: callParams, body: settlement },
    output: z.object({
      outcome: z.enum(['charged', 'released']).describe('what became of it'),
      charged: z.string().describe('what was charged'),
      call: shownCall.optional().describe('as it is now; a released one is kept nowhere, or for a day where it was still running'),
    }),
    async handle({ params: { id }, body, who }, gateway) {
      const call = await gateway.store.call(id)
      if (call === undefined) return noCall(id)
      const isRunning = call.state === 'dispatched'
      if (call.state !== 'unknown' && !(isRunning && body.evenIfRunning)) return refused('resource.conflict', { resource: 'call', id, issue: notToSettle(call) })
      if (body.outcome === 'release') return settle({ call, outcome: 'released', chargeUnits: undefined, who }, gateway)
      const units = unitsToCharge(call, body.amount)
      return units.ok ? settle({ call, outcome: 'done', chargeUnits: units.value, who }, gateway) : units
    },
  }),
] as const

/** A call that was released leaves no record. */
function noCall(id: string) {
  return refused('resource.not_found', { resource: 'call', id, issue: `there is no call "${id.slice(0, 100)}"; one that was released is only in the ledger` })
}

function notToSettle({ state, deadlineMs, onExpiry }: CallRecord): string {
  if (state === 'done') return 'the call is done already'
  if (state === 'claimed') return `the call is still being decided; at ${instantText(deadlineMs)} it is released by itself`
  const atDeadline = `at ${instantText(deadlineMs)} it is ${onExpiry === 'charge' ? 'charged' : 'released'} by itself`
  return `the call is still running; ${atDeadline}. To settle it now, and make void whatever its service says later, ask with evenIfRunning (--even-if-running)`
}

function unitsToCharge(call: CallRecord, written: string | number | undefined): OrRefused<number> {
  const held = heldMoney(call)
  if (written === undefined) return { ok: true, value: held?.units ?? 0 }
  if (held === undefined) return invalid('amount', 'the call holds no money; leave the amount out')
  const read = readUnits(written, { name: (call.holds[0] ?? call.counts?.[0])?.name ?? '', scale: held.scale })
  if (read.ok && read.value > held.units) return invalid('amount', `"${String(written)}" is more than the ${formatUnits(held.units, held.scale)} that the call holds`)
  return read
}

interface OperatorSettlement {
  readonly call: CallRecord
  readonly outcome: 'done' | 'released'
  readonly chargeUnits: number | undefined
  readonly who: string
}

async function settle({ call, outcome, chargeUnits, who }: OperatorSettlement, { store, order, directory }: AdminGateway) {
  const { id, fence, answer, accountId, state } = call
  const { result, isAgain } = await order(
    compact({
      kind: 'settle' as const,
      callId: id,
      recorded: true,
      // The settlement is void if another request took the call over meanwhile.
      fence,
      outcome,
      reason: 'operator' as const,
      by: 'operator' as const,
      chargeUnits,
      answer: outcome === 'done' ? answer : undefined,
      // Its answer may still come, and must find that this is no deadline's doing.
      remembered: (outcome === 'released' && state === 'dispatched') || undefined,
    }),
  )
  const after = result.call
  // Nothing is left of a released call that could say the same again; the ledger can.
  const settled = result.settled || (isAgain && outcome === 'released' && after === undefined && (await isReleasedByHand(id, store)))
  if (!settled) return refused('resource.conflict', { resource: 'call', id, issue: 'the call was settled or taken over meanwhile; look at it again' })
  const shown = after && showCall(after)
  await directory.audit(outcome === 'done' ? 'call.charge' : 'call.release', { who, call: id, account: accountId, before: showCall(call), after: shown })
  return done({ outcome: outcome === 'done' ? ('charged' as const) : ('released' as const), charged: chargedText(call, chargeUnits ?? 0), call: shown })
}

async function isReleasedByHand(callId: string, store: AdminGateway['store']): Promise<boolean> {
  const [last] = await store.ledger({ callId, order: 'newest', limit: 1 })
  return last?.kind === 'release' && last.reason === 'operator'
}

function chargedText(call: CallRecord, units: number): string {
  return formatUnits(units, heldMoney(call)?.scale ?? 0)
}
