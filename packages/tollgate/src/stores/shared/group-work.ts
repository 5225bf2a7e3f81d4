/** One group of batches: load what all of them name, decide each in its turn over that, write what they have changed, and only then answer. */
import { footprintOf } from '../../engine/decide-command.ts'
import type { StateCommand } from '../../engine/decision.ts'
import type { DocumentCommand } from '../../directory/documents.ts'
import { decideBatch, loadView } from '../../engine/load-view.ts'
import type { LedgerEntry } from '../../engine/money/ledger.ts'
import type { GroupChanges } from '../../engine/group-changes.ts'
import type { LogCommand } from '../../journal/journal.ts'
import { toLoggedRow, type LoggedRow } from '../logged-row.ts'
import type { Command, Result } from '../store.ts'
import { DocumentGroup } from './document-group.ts'
import type { DocumentName, GroupTransaction } from './group-transaction.ts'

/** Commands that were given together: if one of them fails, none has an effect. */
export interface Batch {
  readonly commands: readonly Command[]
  resolve(results: readonly Result[]): void
  reject(error: unknown): void
}

export type BeginGroup = (documents: readonly DocumentName[]) => GroupTransaction

export const isState = (command: Command): command is StateCommand => command.kind !== 'put' && command.kind !== 'delete' && command.kind !== 'log'
const isDocument = (command: Command): command is DocumentCommand => command.kind === 'put' || command.kind === 'delete'
const isLog = (command: Command): command is LogCommand => command.kind === 'log'

/** Answers each batch when what it has changed is written, and then tells what money has moved. Throws as its transaction does, and then nobody was answered. */
export async function workGroup(group: readonly Batch[], begin: BeginGroup, moved?: (entries: readonly LedgerEntry[]) => void): Promise<void> {
  const commands = group.flatMap((batch) => batch.commands)
  const transaction = begin(commands.filter(isDocument))
  const view = await loadView(commands.filter(isState).flatMap(footprintOf), transaction.find)
  const nowMs = transaction.nowMs()
  const documents = new DocumentGroup(transaction.document)
  const logged: LoggedRow[] = []

  const answers = group.map(({ commands: own, resolve, reject }) => {
    try {
      // What may fail comes before what may not.
      const decided = decideBatch(view, own.filter(isState), nowMs).values()
      logged.push(...own.filter(isLog).map(({ row }) => toLoggedRow(row)))
      const results = own.map((command): Result => (isState(command) ? (decided.next().value ?? {}) : isDocument(command) ? documents.write(command) : {}))
      return () => resolve(results)
    } catch (error) {
      return () => reject(error)
    }
  })

  const writes = { changed: view.changed, documents: documents.written, feed: documents.feed, logged: logged.flat(), durable: commands.some(asksToLast) }
  if (isNothing(writes.changed) && writes.feed.length + logged.length === 0) transaction.end()
  else await transaction.commit(writes)
  if (writes.changed.ledger.length > 0) moved?.(writes.changed.ledger)
  for (const answer of answers) answer()
}

function asksToLast(command: Command): boolean {
  return isDocument(command) || (command.kind === 'admit' && command.durable === true)
}

function isNothing({ records, calls, leases, slots, owners, ledger }: GroupChanges): boolean {
  return records.size + calls.size + leases.length + slots.size + owners.size + ledger.length === 0
}
