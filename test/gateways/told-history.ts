/** What a run that failed did, in a file: all that was seen and written down of the orders about which the judge has something to say. */
import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Books, History } from '../chaos/history.ts'

/** Returns where it is. */
export function tellHistory({ orders, runs, deathsOf, outages, errors }: History, { endedAtMs, rows, calls }: Books, wrong: readonly string[]): string {
  const meant = orders.filter(({ id }) => wrong.some((line) => line.includes(id)))
  const names = new Set(meant.map(({ id }) => id))
  const own = runs.filter(({ order }) => names.has(order))
  const callIds = new Set([...own.map(({ callId }) => callId), ...meant.flatMap(({ attempts }) => attempts.flatMap(({ reply }) => (reply.kind === 'answer' ? [reply.callId] : [])))])
  const file = join(tmpdir(), `tollgate-gateways-failed-${Date.now()}.json`)
  const told = { wrong, endedAtMs, deathsOf, outages, errors, orders: meant, runs: own, rows: rows.filter(({ callId }) => callId !== undefined && callIds.has(callId)), calls: calls.filter(({ id }) => callIds.has(id)) }
  writeFileSync(file, JSON.stringify(told, undefined, 1))
  return file
}
