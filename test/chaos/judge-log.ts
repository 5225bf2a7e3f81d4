/** Every request that was answered is in the request log, whichever gateway answered it, and says of it what its caller was told. */
import type { Books, History, Reply } from './history.ts'

/** Rows wait for nobody: so long they may be on their way when a gateway or its database dies. */
const ON_ITS_WAY_MS = 1_500
/** For so long after it is back they wait for a database that was away. */
const WAITING_MS = 4_000

export function judgeLog({ orders, probes, deathsOf = {}, outages = [] }: History, { logged }: Books): string[] {
  if (logged === undefined) return []
  const rows = new Map(logged.map((row) => [row.requestId, row]))
  const attempts = [...orders.flatMap(({ id, attempts: own }) => own.map((attempt) => ({ ...attempt, id }))), ...probes.map(({ about, attempt }) => ({ ...attempt, id: about }))]
  const died = ({ gateway = '' }: Reply, fromMs: number, untilMs: number): boolean => (deathsOf[gateway] ?? []).some((deathMs) => deathMs >= fromMs && deathMs <= untilMs)
  return attempts.flatMap(({ id, startMs, endMs, reply }) => {
    // Who is told again what was answered before gets the name of that call, whose caller may have gone with its gateway.
    if (reply.kind !== 'answer' || reply.callId === '' || reply.replayed) return []
    const row = rows.get(reply.callId)
    if (row !== undefined) return row.status === reply.status ? [] : [`${id} was answered ${reply.status} (${reply.callId}), and its row of the log says ${row.status}`]
    const isLost =
      died(reply, startMs, endMs + ON_ITS_WAY_MS) ||
      outages.some(({ fromMs, untilMs, counts }) => (counts.includes('tail') && fromMs >= startMs && fromMs <= endMs + ON_ITS_WAY_MS) || (endMs >= fromMs - ON_ITS_WAY_MS && startMs <= untilMs && died(reply, startMs, untilMs + WAITING_MS)))
    return isLost ? [] : [`${id} was answered ${reply.status} (${reply.callId}) by ${reply.gateway ?? 'the gateway'}, and is not in the request log`]
  })
}
