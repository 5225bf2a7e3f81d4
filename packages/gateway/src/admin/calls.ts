/** Paid and keyed calls: idempotency records and what they hold. An operator settles the one whose outcome nobody knows, and a running one on demand. */
import { applyOne, heldMoney, type CallRecord } from 'tollgate/admission'
import { z } from 'zod'
import { integer, settings } from '../config/scalars.ts'
import type { AdminGateway } from './admin-gateway.ts'
import { invalid, notFound, readInput, refused, type AdminReply, type AdminRoute, type Input } from './admin-route.ts'
import { amount, formatUnits, readUnits } from './amounts.ts'
import { instant, instantText } from './fields.ts'
import { showRow } from './ledger.ts'
import { formatCursor, parseCursor } from './time-cursor.ts'

const truth = z.enum(['true', 'false']).transform((text) => text === 'true')

const filters = settings({
  account: z.string().optional(),
  state: z.enum(['claimed', 'dispatched', 'done', 'unknown']).optional(),
  keyed: truth.optional(),
  before: instant.optional(),
  after: z.string().optional(),
  limit: integer(1, 1_000).default(50),
})

/** Whether one may be settled whose service could still settle it. */
const evenIfRunning = z.boolean().default(false)

const settlement = z.discriminatedUnion('outcome', [
  settings({ outcome: z.literal('charge'), amount: amount.optional(), evenIfRunning }),
  settings({ outcome: z.literal('release'), evenIfRunning }),
])

/** Of one call there are seldom more than three. */
const MOVEMENTS = 100

export const callRoutes: readonly AdminRoute[] = [
  {
    method: 'GET',
    path: '/v1/calls',
    async handle({ query }, { store, directory }) {
      const input = readInput(filters, query)
      if ('refusal' in input) return input
      const { account: accountId, state, keyed, before: beforeMs, after, limit } = input.value
      if (accountId !== undefined && (await directory.account(accountId)) === undefined) return notFound('account', accountId)
      const cursor = parseCursor(after)
      if ('refusal' in cursor) return cursor
      const calls = await store.calls({
        limit,
        ...(accountId !== undefined && { accountId }),
        ...(state !== undefined && { state }),
        ...(keyed !== undefined && { keyed }),
        ...(beforeMs !== undefined && { beforeMs }),
        ...(cursor.value !== undefined && { before: cursor.value }),
      })
      const last = calls.length < limit ? undefined : calls.at(-1)
      return { body: { calls: calls.map(showCall), ...(last !== undefined && { next: formatCursor(last) }) } }
    },
  },
  {
    method: 'GET',
    path: '/v1/calls/{id}',
    async handle({ params, query }, { store }) {
      const input = readInput(settings({ body: truth.default(false) }), query)
      if ('refusal' in input) return input
      const id = params['id'] ?? ''
      const call = await store.call(id)
      if (call === undefined) return noCall(id)
      const movements = await store.ledger({ callId: id, limit: MOVEMENTS })
      return { body: { call: showCall(call), movements: movements.map(showRow), ...(input.value.body && call.answer !== undefined && { answer: call.answer }) } }
    },
  },
  {
    method: 'POST',
    path: '/v1/calls/{id}/settle',
    async handle({ params, body, who }, gateway) {
      const input = readInput(settlement, body)
      if ('refusal' in input) return input
      const id = params['id'] ?? ''
      const call = await gateway.store.call(id)
      if (call === undefined) return noCall(id)
      const isRunning = call.state === 'dispatched'
      if (call.state !== 'unknown' && !(isRunning && input.value.evenIfRunning)) return refused('resource.conflict', { resource: 'call', id, issue: notToSettle(call) })
      if (input.value.outcome === 'release') return settle({ call, outcome: 'released', who }, gateway)
      const units = unitsToCharge(call, input.value.amount)
      return 'refusal' in units ? units : settle({ call, outcome: 'done', chargeUnits: units.value, who }, gateway)
    },
  },
]

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

function unitsToCharge(call: CallRecord, written: string | number | undefined): Input<number> {
  const held = heldMoney(call)
  if (written === undefined) return { value: held?.units ?? 0 }
  if (held === undefined) return invalid('amount', 'the call holds no money; leave the amount out')
  const read = readUnits(written, { name: (call.holds[0] ?? call.counts?.[0])?.name ?? '', scale: held.scale })
  if ('value' in read && read.value > held.units) return invalid('amount', `"${String(written)}" is more than the ${formatUnits(held.units, held.scale)} that the call holds`)
  return read
}

interface OperatorSettlement {
  readonly call: CallRecord
  readonly outcome: 'done' | 'released'
  readonly chargeUnits?: number
  readonly who: string
}

async function settle({ call, outcome, chargeUnits, who }: OperatorSettlement, { store, directory }: AdminGateway): Promise<AdminReply> {
  const { id, fence, answer, accountId } = call
  const { settled, call: after } = await applyOne(store, {
    kind: 'settle',
    callId: id,
    // Void if the call was taken over in between.
    fence,
    outcome,
    reason: 'operator',
    by: 'operator',
    ...(chargeUnits !== undefined && { chargeUnits }),
    ...(answer !== undefined && outcome === 'done' && { answer }),
  })
  if (!settled) return refused('resource.conflict', { resource: 'call', id, issue: 'the call was settled or taken over meanwhile; look at it again' })
  const shown = after === undefined ? undefined : showCall(after)
  await directory.audit(outcome === 'done' ? 'call.charge' : 'call.release', { who, call: id, account: accountId, before: showCall(call), ...(shown !== undefined && { after: shown }) })
  return { body: { outcome: outcome === 'done' ? 'charged' : 'released', charged: chargedText(call, chargeUnits ?? 0), ...(shown !== undefined && { call: shown }) } }
}

function chargedText(call: CallRecord, units: number): string {
  return formatUnits(units, heldMoney(call)?.scale ?? 0)
}

export type ShownCall = ReturnType<typeof showCall>

/** Never the stored answer itself: it may hold personal data. */
function showCall({ createdAtMs, deadlineMs, claim, holds, counts, leases, answer, ended, ...call }: CallRecord) {
  return {
    ...call,
    createdAt: instantText(createdAtMs),
    deadline: instantText(deadlineMs),
    // The scope is a hash; the key itself is stored nowhere.
    ...(claim !== undefined && { key: { scope: claim.scope, keptUntil: instantText(claim.keptUntilMs) } }),
    holds: holds.map(({ subject, name, units, scale }) => ({ meter: name, subject, amount: formatUnits(units, scale), units, scale })),
    ...(counts !== undefined && { counts: counts.map(({ subject, name, cost, scale }) => ({ meter: name, subject, amount: formatUnits(cost, scale) })) }),
    leases: leases.map(({ subject, name, quantity }) => ({ meter: name, subject, quantity })),
    ...(answer !== undefined && { answered: { status: answer.status, bytes: Buffer.byteLength(answer.body, answer.encoding) } }),
    ...(ended !== undefined && { ended: { at: instantText(ended.atMs), by: ended.by, keptUntil: instantText(ended.keptUntilMs) } }),
  }
}
