/** Each charge belongs to work that was done, or to a deadline that is declared to charge; and each work that was acknowledged has its charge. */
import type { LedgerRow } from 'tollgate/engine'
import { isWhole, type Books, type History, type Order, type Run } from './history.ts'
import { ANSWER_MS, HOLD_MS, kindNames, kindOf, usageUnits } from './shop.ts'
import type { Trace } from './trace.ts'

/** Units charged at a deadline, of calls that nobody has seen. */
const deadlineUnits = new Set(kindNames.map(kindOf).flatMap(({ onExpiry, heldUnits }) => (onExpiry === 'charge' ? [heldUnits({})] : [])))

export function judgeCharges({ orders, runs, troubled }: History, { rows, calls }: Books, trace: Trace): string[] {
  const wrong: string[] = []
  const orderOf = new Map(orders.map((order) => [order.id, order]))
  const runOf = new Map(runs.map((run) => [run.callId, run]))
  const recordOf = new Map(calls.map((call) => [call.id, call]))
  const charges = rows.filter(({ kind }) => kind === 'settle')
  const chargeOf = new Map(charges.map((row) => [row.callId, row]))

  for (const charge of charges) {
    const run = runOf.get(charge.callId ?? '')
    const order = orderOf.get(run?.order ?? '')
    const fault = run === undefined || order === undefined ? faultUnseen(charge) : faultOf(charge, run, order)
    if (fault !== undefined) wrong.push(`charge ${charge.number} of ${charge.units} (${charge.reason}, ${charge.callId}, ${run?.order}): ${fault}`)
    const record = recordOf.get(charge.callId ?? '')
    if (record?.state !== 'done' || record.chargedUnits !== charge.units) wrong.push(`charge ${charge.number} of ${charge.units}: its call is ${record?.state}, charged ${record?.chargedUnits}`)
  }
  for (const run of runs) wrong.push(...judgeActs(run, chargeOf.get(run.callId), troubled))
  for (const order of orders) wrong.push(...judgeAnswered(order, trace.runsOf(order), trace.chargesOf(order), troubled))
  return wrong
}

function faultUnseen({ reason, units }: LedgerRow): string | undefined {
  if (reason !== 'deadline') return 'the service never saw its call'
  return deadlineUnits.has(units) ? undefined : 'no route charges so much at a deadline'
}

/** What is charged late, since its deadline had given it back before its answer was out, is as much as is available then. */
function faultOf({ reason: told, units }: LedgerRow, run: Run, order: Order): string | undefined {
  const reason = told.replace(/^late: /, '')
  const isPaid = (owed: number): boolean => units === owed || (reason !== told && units < owed)
  const { onExpiry, pricing } = kindOf(run.kind)
  const held = heldOf(order)
  const aborted = order.attempts.some(({ reply }) => reply.kind === 'broken' && reply.aborted)
  // The program goes no further with an answer that stood still for too long, as on a busy machine it may; that the service said it to its end, nobody has heard.
  const isBrokenOff = order.attempts.some(({ startMs, endMs, reply }) => reply.kind === 'broken' && endMs - startMs >= ANSWER_MS)
  const isPart = run.whole !== true || aborted || isBrokenOff
  switch (reason) {
    case 'deadline':
      return onExpiry === 'charge' && units === held ? undefined : `at the deadline ${onExpiry === 'charge' ? held : 'nothing'} is charged`
    case 'request':
      if (run.status !== 200) return 'the service has not answered'
      // Who goes away in the middle of an answer whose figures are not known yet pays what was held.
      return isPaid(held) && (pricing === 'held' || (pricing === 'usage' && aborted)) ? undefined : `its route charges by ${pricing}, and held ${held}`
    case 'price': {
      const said = [run.saidUnits, ...run.acts.map(({ action, units: asked }) => (action === 'charge' ? asked : undefined))]
      return said.some((asked) => asked !== undefined && isPaid(Math.min(asked, held))) ? undefined : `the service said ${said.join(', ')} of ${held}`
    }
    case 'usage': {
      const whole = Math.min(usageUnits(run.tokens ?? 0), held)
      const most = isPart ? Math.max(whole, run.events ?? 0) : whole
      return pricing === 'usage' && units <= most && (isPart || isPaid(whole)) ? undefined : `${run.tokens} tokens in ${run.events} events are ${whole}`
    }
    default:
      return 'there is no such reason'
  }
}

/** What the service was told of its own settlements stands. */
function judgeActs({ callId, kind, order, acts }: Run, charge: LedgerRow | undefined, troubled: boolean): string[] {
  const charged = charge?.units ?? 0
  return acts.flatMap(({ action, status, body = '', type }) => {
    if (status === undefined) return []
    const about = `${action} of ${order} (${callId})`
    // The address of a call is good for ever; only a lease may be unknown.
    const expected = [200, 410, ...(action === 'lease' ? [409] : []), ...(action === 'renew' || action === 'end' ? [404] : []), ...(troubled ? [503] : [])]
    if (!expected.includes(status) || !/json/.test(type ?? '')) return [`${about} was answered ${status} ${type} ${body}`]
    if (action === 'charge' && status === 410 && charge?.reason === 'price' && kindOf(kind).pricing === 'later') return [`${about} was refused, and it stands`]
    if (status !== 200) return []
    if (action === 'release' && charged > 0) return [`${about} was acknowledged, and ${charged} were charged`]
    const said = action === 'charge' ? Math.round(Number((JSON.parse(body) as { readonly charged: string }).charged) * 100) : charged
    return said === charged ? [] : [`${about} was acknowledged with ${said}, and ${charged} were charged`]
  })
}

/** A success that has come to its caller is paid. */
function judgeAnswered(order: Order, runs: readonly Run[], mine: readonly LedgerRow[], troubled: boolean): string[] {
  const { pricing, keyed, remembers } = kindOf(order.kind)
  const inTime = order.attempts.filter(({ startMs, endMs }) => endMs - startMs < HOLD_MS)
  // What its deadline has charged while its process stood still is the price of the answer that came after it, and of each repeat.
  const mayBeOverdue = remembers || troubled
  return inTime.flatMap(({ reply }) => {
    // A price that comes later may be none.
    if (!isWhole(reply) || pricing === 'later') return []
    // Services that remember give an answer that another call of the same key has worked out.
    const paid = remembers ? mine : mine.filter(({ callId }) => callId === reply.callId)
    const answering = runs.filter(({ status, callId }) => status === 200 && (remembers || callId === reply.callId))
    const expected = new Set(answering.map((run) => priceOf(run, order)))
    const units = paid.reduce((sum, row) => sum + row.units, 0)
    const isPaid = expected.has(units) || (mayBeOverdue && paid.some(({ reason }) => reason === 'deadline'))
    const which = keyed ? `${order.id} under its key` : `${order.id} (${reply.callId})`
    return isPaid ? [] : [`${which} was answered ${reply.status}, costs ${[...expected].join(' or ')}, and ${units} were charged`]
  })
}

function priceOf({ saidUnits = 0, tokens = 0 }: Run, order: Order): number {
  const held = heldOf(order)
  switch (kindOf(order.kind).pricing) {
    case 'held':
      return held
    case 'said':
      return Math.min(saidUnits, held)
    case 'usage':
      return Math.min(usageUnits(tokens), held)
    default:
      return 0
  }
}

function heldOf({ kind, body = {} }: Order): number {
  return kindOf(kind).heldUnits(body)
}
