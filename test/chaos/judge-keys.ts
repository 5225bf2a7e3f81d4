/** A key is charged once, answered always the same, run again only when nothing came of the run before, and locked no longer than its deadline. */
import { isWhole, type Attempt, type History, type Order, type Reply, type Run } from './history.ts'
import { HOLD_MS, kindOf } from './shop.ts'
import type { Trace } from './trace.ts'

export function judgeKeys({ orders, troubled, deaths, deathsOf = {} }: History, { runsOf, chargesOf, foreign }: Trace, slackMs: number): string[] {
  const wrong = foreign.map((id) => `${id} has claimed a key that nobody has sent for it`)
  for (const order of orders.filter(({ key }) => key !== undefined)) {
    const own = runsOf(order)
    const charged = new Set(chargesOf(order).map(({ callId }) => callId))
    if (charged.size > 1) wrong.push(`${order.id} was charged ${charged.size} times: ${[...charged].join(', ')}`)
    for (const { key, callId } of own) if (key !== order.key) wrong.push(`${callId} came to the service under the key ${key}, sent was ${order.key}`)
    wrong.push(...judgeAnswers(order), ...judgeMemory(order, troubled), ...judgeRuns(order, own), ...judgeLocks(order, ({ gateway }) => (gateway === undefined ? deaths : (deathsOf[gateway] ?? [])), slackMs), ...judgeEnd(order, own, charged.size))
  }
  return wrong
}

function judgeAnswers({ id, attempts }: Order): string[] {
  const [first, ...others] = attempts.map(({ reply }) => reply).filter(isWhole)
  return others.flatMap(({ status, body, type }) =>
    status === first?.status && body === first.body && type === first.type ? [] : [`${id} was answered ${status} ${type} ${body}, before ${first?.status} ${first?.type} ${first?.body}`],
  )
}

/** What is answered stays so; only the limit on requests is asked before. A price that comes later may be none: then the key is free again. */
function judgeMemory({ id, kind, attempts }: Order, troubled: boolean): string[] {
  const { repeatable, pricing } = kindOf(kind)
  const answered = attempts.find(({ reply, startMs, endMs }) => isWhole(reply) && endMs - startMs < HOLD_MS)
  if (answered === undefined || repeatable || pricing === 'later') return []
  return attempts
    .filter(({ startMs, reply }) => startMs > answered.endMs && reply.kind === 'answer' && !isWhole(reply))
    .flatMap((attempt) => (codeOf(attempt) === 'rate.limited' || (troubled && codeOf(attempt) === 'upstream.unavailable') ? [] : [`${id} was answered, and later told ${codeOf(attempt)}`]))
}

/** Of a service that does not know a key again. */
function judgeRuns({ id, kind, attempts }: Order, runs: readonly Run[]): string[] {
  const { repeatable, pricing, onExpiry } = kindOf(kind)
  if (repeatable) return []
  const answeredMs = Math.min(...attempts.flatMap(({ endMs, reply }) => (isWhole(reply) ? [endMs] : [])))
  return runs.flatMap((run, at) => {
    const before = runs[at - 1]
    // A price that comes later may be none; then the key is free again.
    if (run.atMs > answeredMs && pricing !== 'later') return [`${id} ran again (${run.callId}) after it was answered`]
    if (before === undefined || (before.status ?? 0) >= 400) return []
    if (before.acts.some(({ action }) => action === 'release')) return []
    if (onExpiry === 'charge') return [`${id} ran again (${run.callId}), and whatever became of ${before.callId} is charged`]
    const claimedMs = earliestClaimMs(attempts, before)
    return run.atMs - claimedMs >= HOLD_MS ? [] : [`${id} ran again (${run.callId}) ${run.atMs - claimedMs} ms after ${before.callId} was asked for, whose outcome nobody knew`]
  })
}

/** The service may see a call long after its key was claimed, and even after its caller was told that the connection broke; never before it was asked for. */
function earliestClaimMs(attempts: readonly Attempt[], { atMs }: Run): number {
  const begun = attempts.filter(({ startMs }) => startMs <= atMs)
  const open = begun.filter(({ endMs }) => endMs >= atMs)
  return Math.min(...(open.length > 0 ? open : begun.slice(-1)).map(({ startMs }) => startMs))
}

/**
 * Who is told that a call is still running can name it. The deadline runs from the claim, and is moved on while the call is in hand: so from the answer at the latest. A caller
 * who goes away ends nothing: what was read of keys and accounts for them may come seconds later from a slow disk, and only then is the key claimed. Such work
 * ends by itself or with its process.
 */
function judgeLocks({ id, attempts }: Order, deathsOf: (reply: Reply) => readonly number[], slackMs: number): string[] {
  const running = attempts.filter((attempt) => !isInProgress(attempt))
  const lastMs = ({ endMs, reply }: Attempt): number => (reply.kind === 'broken' && reply.aborted ? (deathsOf(reply).find((deathMs) => deathMs >= endMs) ?? Infinity) : endMs)
  return attempts.filter(isInProgress).flatMap((locked) => {
    const isHeld = running.some((attempt) => attempt.startMs <= locked.endMs && locked.startMs <= lastMs(attempt) + HOLD_MS + slackMs)
    const before = running.filter(({ startMs }) => startMs <= locked.endMs)
    return isHeld ? [] : [`${id} was said to be in progress ${locked.startMs - Math.max(...before.map(lastMs))} ms after its last request`]
  })
}

/** After all deadlines, and with a service that answers everything. */
function judgeEnd({ id, kind, attempts }: Order, runs: readonly Run[], charges: number): string[] {
  const last = attempts.at(-1)
  if (last === undefined) return []
  if (last.reply.kind === 'broken' || isInProgress(last)) return [`${id} has no answer in the end: ${JSON.stringify(last.reply)}`]
  // What is charged and has no answer is not run again, unless the service knows its key.
  // A service may have charged nothing for it, which leaves no row.
  const isFree = charges === 0 && runs.some(({ acts }) => acts.some(({ action, units, status }) => action === 'charge' && units === 0 && status === 200))
  if (codeOf(last) === 'upstream.timeout' && ((charges !== 1 && !isFree) || kindOf(kind).repeatable)) return [`the outcome of ${id} is said to be unknown in the end, and it was charged ${charges} times`]
  return []
}

function isInProgress(attempt: Attempt): boolean {
  return codeOf(attempt) === 'idempotency.in_progress'
}

export function codeOf({ reply }: Attempt): string | undefined {
  if (reply.kind === 'broken' || !reply.type.startsWith('application/problem+json')) return undefined
  return (JSON.parse(reply.body) as { readonly code?: string }).code
}
