/**
 * `tollgate credits check`: does the money add up? The check runs here and not in the gateway: another process, other code, own arithmetic.
 *
 * The gateway goes on while it is read, so the calls are read after the ledger, and then the rows that came meanwhile: what a call did in between
 * may differ from either, and is left to the next check.
 */
import type { Command } from 'commander'
import { checkLedger, type CallRecord, type LedgerRow, type Violation } from 'tollgate/admission'
import type { ShownCall } from '../admin/calls.ts'
import type { ShownRow } from '../admin/ledger.ts'
import { addAdminCommand, openSession } from './admin-command.ts'
import { CliFailure, type CliIo } from './cli-io.ts'
import { printable } from './colours.ts'
import { callPages, ledgerPages } from './ledger-pages.ts'

const PROGRESS_ROWS = 100_000

export function addCreditCheck(credits: Command, io: CliIo): void {
  addAdminCommand(credits, 'check', {
    description: 'check that the whole ledger adds up and agrees with the calls; exits with 1 and the first fault if not',
    examples: ['tollgate credits check', 'tollgate credits check --json'],
  }).action(async (_, command: Command) => {
    const session = openSession(command, io)
    const rows: LedgerRow[] = []
    for await (const page of ledgerPages(session, {})) {
      if (Math.floor((rows.length + page.length) / PROGRESS_ROWS) > Math.floor(rows.length / PROGRESS_ROWS)) io.stderr(`${rows.length + page.length} rows …\n`)
      for (const row of page) rows.push(toRow(row))
    }
    // By id: a call that changed while the pages were read may stand on two of them.
    const calls = new Map<string, CallRecord>()
    for await (const page of callPages(session)) for (const call of page) calls.set(call.id, toCall(call))
    const moved = new Set<string>()
    for await (const page of ledgerPages(session, {}, String(rows.at(-1)?.seq ?? 0))) for (const { callId } of page) if (callId !== undefined) moved.add(callId)

    const faults = faultsOf(rows, [...calls.values()], moved)
    const [first, ...others] = faults
    const reply = { ok: first === undefined, rows: rows.length, calls: calls.size, faults }
    session.show(reply, ({ green }) => (first === undefined ? `${green('The ledger adds up')}: ${rows.length} rows, ${calls.size} calls.\n` : ''))
    if (first !== undefined) throw new CliFailure(1, `the ledger does not add up: ${printable(first.message)}${others.length === 0 ? '' : `; and ${others.length} more, see --json`}`)
  })
}

function faultsOf(rows: readonly LedgerRow[], calls: readonly CallRecord[], moved: ReadonlySet<string>): readonly Violation[] {
  return checkLedger(rows, calls).filter(({ kind, callId }) => !((kind === 'lost_hold' || kind === 'call_differs') && callId !== undefined && moved.has(callId)))
}

/** What the check reads; the rest would only fill the memory. */
function toRow({ seq, subject, meter, scale, kind, units, availableUnits, heldUnits, callId, grantId }: ShownRow): LedgerRow {
  return {
    seq,
    subject,
    name: meter,
    scale,
    atMs: 0,
    kind,
    units,
    availableUnits,
    heldUnits,
    ...(callId !== undefined && { callId }),
    ...(grantId !== undefined && { grantId }),
    reason: '',
  }
}

function toCall({ id, accountId, onExpiry, state, fence, key, holds, chargedUnits, createdAt, deadline, ended }: ShownCall): CallRecord {
  return {
    id,
    accountId,
    deadlineMs: Date.parse(deadline),
    onExpiry,
    state,
    fence,
    ...(key !== undefined && { claim: { scope: key.scope, fingerprint: '', keptUntilMs: Date.parse(key.keptUntil) } }),
    holds: holds.map(({ subject, meter, units, scale }) => ({ subject, name: meter, units, scale, parts: [] })),
    leases: [],
    chargedUnits,
    createdAtMs: Date.parse(createdAt),
    ...(ended !== undefined && { ended: { atMs: Date.parse(ended.at), by: ended.by, keptUntilMs: Date.parse(ended.keptUntil) } }),
  }
}
