/**
 * `tollgate credits check`: does the money add up? The check runs here and not in the gateway: another process, other code, own arithmetic.
 *
 * The gateway goes on while it is read, so the calls are read after the ledger, and then the rows that came meanwhile: what a call did in between
 * may differ from either, and is left to the next check.
 */
import type { Command } from 'commander'
import { compact } from 'tollgate/contract'
import type { CallCount, CallRecord, LedgerCheck, LedgerRow, SpendCounter, Violation } from 'tollgate/engine'
import { addAdminCommand, openSession, type Session } from './admin-command.ts'
import { CliFailure, type CliIo } from './cli-io.ts'
import { damageOfStore } from './doctor-command.ts'
import { printable } from './colours.ts'
import { callPages, ledgerPages, spendingPages, type ShownCall, type ShownCounter, type ShownMovement } from './ledger-pages.ts'

const PROGRESS_ROWS = 100_000
/** So often meters are read before one is said to be wrong. */
const PASSES_MAX = 3

export function addCreditCheck(credits: Command, io: CliIo): void {
  addAdminCommand(credits, 'check', {
    description: 'check that the whole ledger adds up and agrees with the calls and with what is counted as spent; exits with 1 and the first fault if not',
    examples: ['tollgate credits check', 'tollgate credits check --json'],
  }).action(async (_, command: Command) => {
    const session = openSession(command, io)
    // Sums over what can still be read would add up.
    const [damage, ...more] = await damageOfStore(session)
    if (damage !== undefined) throw new CliFailure(1, `the database is damaged, so that nothing can be said of the ledger: ${printable(damage)}${more.length === 0 ? '' : `; and ${more.length} more, see tollgate doctor`}`)
    // Loaded here: no other command adds anything up.
    const { createLedgerCheck } = await import('tollgate/engine')
    const check = createLedgerCheck()
    let rows = 0
    let lastCursor = 0
    for await (const page of ledgerPages(session, {})) {
      for (const row of page) check.add(toRow(row))
      if (Math.floor((rows + page.length) / PROGRESS_ROWS) > Math.floor(rows / PROGRESS_ROWS)) io.stderr(`${rows + page.length} rows …\n`)
      rows += page.length
      lastCursor = page.at(-1)?.cursor ?? lastCursor
    }
    let { faults, calls, tail } = await compared(session, check, lastCursor)
    // Calls begin and end between two readings, and a meter that is right counts something else then: what is wrong with one stays as wrong as it is.
    for (let pass = 1; pass < PASSES_MAX && faults.some(({ counter }) => counter !== undefined); pass += 1) {
      for (const row of tail) check.add(toRow(row))
      lastCursor = tail.at(-1)?.cursor ?? lastCursor
      const again = await compared(session, check, lastCursor)
      tail = again.tail
      faults = faults.filter(({ counter }) => counter === undefined || again.faults.some((fault) => isSame(fault.counter, counter)))
    }
    const [first, ...others] = faults
    const reply = { ok: first === undefined, rows, calls, faults }
    session.show(reply, ({ green }) => (first === undefined ? `${green('The ledger adds up')}: ${counted(rows, 'row')}, ${counted(calls, 'call')}.\n` : ''))
    if (first !== undefined) throw new CliFailure(1, `the ledger does not add up: ${printable(first.message)}${others.length === 0 ? '' : `; and ${others.length} more, see --json`}`)
  })
}

interface Compared {
  readonly faults: readonly Violation[]
  /** How many. */
  readonly calls: number
  /** What was written down meanwhile. */
  readonly tail: readonly ShownMovement[]
}

/** The rows so far against the calls, and against what meters of money say, as they are now. */
async function compared(session: Pick<Session, 'call'>, check: LedgerCheck, lastCursor: number): Promise<Compared> {
  // By id: a call that changed while the pages were read may stand on two of them.
  const calls = new Map<string, CallRecord>()
  for await (const page of callPages(session)) for (const call of page) calls.set(call.id, toCall(call))
  const counters: SpendCounter[] = []
  for await (const page of spendingPages(session)) counters.push(...page.counters.map((counter) => toCounter(counter, page.now)))
  const tail: ShownMovement[] = []
  for await (const page of ledgerPages(session, {}, String(lastCursor))) tail.push(...page)
  const moved = new Set(tail.map(({ callId }) => callId))
  return { faults: check.against(calls.values(), counters).filter((fault) => !isOfMoved(fault, moved)), calls: calls.size, tail }
}

function isOfMoved({ kind, callId }: Violation, moved: ReadonlySet<string | undefined>): boolean {
  return (kind === 'lost_hold' || kind === 'call_differs' || kind === 'spend_differs') && callId !== undefined && moved.has(callId)
}

function isSame(one: Violation['counter'], other: Violation['counter']): boolean {
  return one?.at === other?.at && one?.differenceUnits === other?.differenceUnits
}

function toCounter({ subject, meter, scale, usedUnits, resetAt }: ShownCounter, now: string): SpendCounter {
  return { subject, name: meter, scale, usedUnits, resetAtMs: Date.parse(resetAt), readAtMs: Date.parse(now) }
}

/** What the check reads. */
function toRow({ number, cursor, subject, meter, scale, at, kind, units, availableUnits, heldUnits, countsUntil, callId, grantId, debitId }: ShownMovement): LedgerRow {
  return compact({
    number,
    cursor,
    subject,
    name: meter,
    scale,
    atMs: Date.parse(at),
    kind,
    units,
    availableUnits,
    heldUnits,
    countsUntilMs: countsUntil === undefined ? undefined : Date.parse(countsUntil),
    callId,
    grantId,
    debitId,
    reason: '',
  })
}

function toCall({ id, accountId, onExpiry, state, fence, key, holds, counts, countedScale, chargedUnits, createdAt, deadline, ended }: ShownCall): CallRecord {
  return compact({
    id,
    accountId,
    deadlineMs: Date.parse(deadline),
    onExpiry,
    state,
    fence,
    claim: key && { scope: key.scope, fingerprint: '', keptUntilMs: Date.parse(key.keptUntil) },
    holds: holds.map(({ subject, meter, units, scale }) => ({ subject, name: meter, units, scale, parts: [] })),
    counts: counts?.map(toCount),
    countedScale,
    leases: [],
    chargedUnits,
    createdAtMs: Date.parse(createdAt),
    ended: ended && { atMs: Date.parse(ended.at), by: ended.by, keptUntilMs: Date.parse(ended.keptUntil) },
  })
}

/** As a period counts that ends when it counts no more. */
function toCount({ subject, meter, units, scale, countsUntil }: NonNullable<ShownCall['counts']>[number]): CallCount {
  return { subject, name: meter, meter: { kind: 'spend', scale, over: { kind: 'quota', period: 'day' } }, limit: 0, cost: units, scale, atMs: Date.parse(countsUntil) }
}

function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`
}
