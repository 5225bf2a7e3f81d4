/**
 * `tollgate credits check`: does the money add up? The check runs here and not in the gateway: another process, other code, own arithmetic.
 *
 * The gateway goes on while it is read, so the calls are read after the ledger, and then the rows that came meanwhile: what a call did in between
 * may differ from either, and is left to the next check.
 */
import type { Command } from 'commander'
import { createLedgerCheck, type CallRecord, type LedgerRow, type Violation } from 'tollgate/engine'
import { compact } from '../platform/compact.ts'
import { addAdminCommand, openSession } from './admin-command.ts'
import { CliFailure, type CliIo } from './cli-io.ts'
import { damageOfStore } from './doctor-command.ts'
import { printable } from './colours.ts'
import { callPages, ledgerPages, type ShownCall, type ShownMovement } from './ledger-pages.ts'

const PROGRESS_ROWS = 100_000

export function addCreditCheck(credits: Command, io: CliIo): void {
  addAdminCommand(credits, 'check', {
    description: 'check that the whole ledger adds up and agrees with the calls; exits with 1 and the first fault if not',
    examples: ['tollgate credits check', 'tollgate credits check --json'],
  }).action(async (_, command: Command) => {
    const session = openSession(command, io)
    // Sums over what can still be read would add up.
    const [damage, ...more] = await damageOfStore(session)
    if (damage !== undefined) throw new CliFailure(1, `the database is damaged, so that nothing can be said of the ledger: ${printable(damage)}${more.length === 0 ? '' : `; and ${more.length} more, see tollgate doctor`}`)
    const check = createLedgerCheck()
    let rows = 0
    let lastCursor = 0
    for await (const page of ledgerPages(session, {})) {
      for (const row of page) check.add(toRow(row))
      if (Math.floor((rows + page.length) / PROGRESS_ROWS) > Math.floor(rows / PROGRESS_ROWS)) io.stderr(`${rows + page.length} rows …\n`)
      rows += page.length
      lastCursor = page.at(-1)?.cursor ?? lastCursor
    }
    // By id: a call that changed while the pages were read may stand on two of them.
    const calls = new Map<string, CallRecord>()
    for await (const page of callPages(session)) for (const call of page) calls.set(call.id, toCall(call))
    const moved = new Set<string>()
    for await (const page of ledgerPages(session, {}, String(lastCursor))) for (const { callId } of page) if (callId !== undefined) moved.add(callId)

    const faults = check.against(calls.values()).filter((fault) => !isOfMoved(fault, moved))
    const [first, ...others] = faults
    const reply = { ok: first === undefined, rows, calls: calls.size, faults }
    session.show(reply, ({ green }) => (first === undefined ? `${green('The ledger adds up')}: ${counted(rows, 'row')}, ${counted(calls.size, 'call')}.\n` : ''))
    if (first !== undefined) throw new CliFailure(1, `the ledger does not add up: ${printable(first.message)}${others.length === 0 ? '' : `; and ${others.length} more, see --json`}`)
  })
}

function isOfMoved({ kind, callId }: Violation, moved: ReadonlySet<string>): boolean {
  return (kind === 'lost_hold' || kind === 'call_differs') && callId !== undefined && moved.has(callId)
}

/** What the check reads. */
function toRow({ number, cursor, subject, meter, scale, kind, units, availableUnits, heldUnits, callId, grantId, debitId }: ShownMovement): LedgerRow {
  return compact({
    number,
    cursor,
    subject,
    name: meter,
    scale,
    atMs: 0,
    kind,
    units,
    availableUnits,
    heldUnits,
    callId,
    grantId,
    debitId,
    reason: '',
  })
}

function toCall({ id, accountId, onExpiry, state, fence, key, holds, chargedUnits, createdAt, deadline, ended }: ShownCall): CallRecord {
  return compact({
    id,
    accountId,
    deadlineMs: Date.parse(deadline),
    onExpiry,
    state,
    fence,
    claim: key && { scope: key.scope, fingerprint: '', keptUntilMs: Date.parse(key.keptUntil) },
    holds: holds.map(({ subject, meter, units, scale }) => ({ subject, name: meter, units, scale, parts: [] })),
    leases: [],
    chargedUnits,
    createdAtMs: Date.parse(createdAt),
    ended: ended && { atMs: Date.parse(ended.at), by: ended.by, keptUntilMs: Date.parse(ended.keptUntil) },
  })
}

function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`
}
