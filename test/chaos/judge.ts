/**
 * Whether what callers and service saw, and what the file says in the end, can all be true of a program that keeps its word. Returns what cannot.
 * It knows the prices of the shop and nothing of how the program works. `slackMs`: so much later than on an idle machine something may be seen.
 */
import { checkLedger } from 'tollgate/engine'
import type { Books, History } from './history.ts'
import { judgeAnswers } from './judge-answers.ts'
import { judgeCharges } from './judge-charges.ts'
import { judgeCounts } from './judge-counts.ts'
import { judgeKeys } from './judge-keys.ts'
import { judgeLeases } from './judge-leases.ts'
import { judgeLog } from './judge-log.ts'
import { traceOrders } from './trace.ts'

export function judge(history: History, books: Books, slackMs = 0): readonly string[] {
  const trace = traceOrders(history, books)
  return [
    ...history.errors.map((error) => `the program said: ${error}`),
    ...checkLedger(books.rows, books.calls).map(({ kind, message }) => `ledger: ${kind}: ${message}`),
    ...judgeBalances(history, books),
    ...judgeCharges(history, books, trace),
    ...judgeKeys(history, trace, slackMs),
    ...judgeAnswers(history),
    ...judgeLeases(history, books),
    ...judgeCounts(history.counts ?? [], history.outages ?? [], slackMs),
    ...judgeLog(history, books),
  ]
}

function judgeBalances({ grants }: History, { rows, balances }: Books): string[] {
  const wrong: string[] = []
  const sumOf = (subject: string, kind: string): number => rows.filter((row) => row.subject === subject && row.kind === kind).reduce((sum, { units }) => sum + units, 0)
  for (const { subject, availableUnits, heldUnits } of balances) {
    const left = sumOf(subject, 'grant') - sumOf(subject, 'settle') - sumOf(subject, 'expire')
    if (availableUnits !== left) wrong.push(`${subject} has ${availableUnits}, of its grants ${left} are left`)
    const held = sumOf(subject, 'hold') - sumOf(subject, 'settle') - sumOf(subject, 'release')
    if (heldUnits !== 0 || held !== 0) wrong.push(`${subject} has ${heldUnits} held, by its ledger ${held}, after all deadlines`)
  }
  const made = rows.filter(({ kind }) => kind === 'grant')
  for (const { account, id, units, acknowledged } of grants) {
    const mine = made.filter((row) => row.grantId === id && row.subject === `account:${account}`)
    if (mine.length > 1 || mine.some((row) => row.units !== units)) wrong.push(`the grant ${id} of ${units} was made as ${JSON.stringify(mine)}`)
    if (acknowledged && mine.length === 0) wrong.push(`the grant ${id} was acknowledged, and is not there`)
  }
  for (const { grantId } of made) if (!grants.some(({ id }) => id === grantId)) wrong.push(`nobody made the grant ${grantId}`)
  return wrong
}
