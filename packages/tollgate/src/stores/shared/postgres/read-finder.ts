/** Finds what a reading names, without keeping anybody from it. */
import type { Finding, FootprintKey } from '../../../engine/footprint.ts'
import { leaseDueMs } from '../../../engine/state.ts'
import type { Lease } from '../../../engine/calls/lease-record.ts'
import type { FindKeys } from '../../../engine/load-view.ts'
import type { LedgerEntry } from '../../../engine/money/ledger.ts'
import { fromRecordText } from '../../record-text.ts'
import { parseRow } from '../../stored-json.ts'
import type { LoadStatements } from './load-statements.ts'
import type { SqlLink } from './sql-link.ts'

/** Readings name subjects, slots and their owners, leases that expire, grants. */
export function createReadFinder(reader: SqlLink, load: LoadStatements): FindKeys {
  async function find(key: FootprintKey): Promise<Finding> {
    switch (key.of) {
      case 'subject': {
        const [row] = await reader.read({ name: 'tollgate_read_subject', text: 'select record from tollgate.subjects where subject = $1', values: [key.subject] })
        return { ...key, found: fromRecordText(key.subject, row?.['record'] as string | undefined) }
      }
      case 'slots': {
        const rows = await reader.read(load.slots([key]))
        return { ...key, found: rows.map((row) => ({ owner: (row['owner'] as string | null) ?? undefined, quantity: Number(row['quantity']) })) }
      }
      case 'owner': {
        const [row] = await reader.read(load.owners([key.owner]))
        return { ...key, found: row && Number(row['until_ms']) }
      }
      case 'expiring-leases': {
        const rows = await reader.read({ name: 'tollgate_read_expiring', text: 'select json from tollgate.leases where account = $1 and due_ms is not null', values: [key.accountId] })
        return { ...key, found: rows.map((row) => parseRow<Lease>(row['json'] as string)).filter((lease) => leaseDueMs(lease) !== undefined) }
      }
      case 'movement': {
        const [row] = await reader.read(load.movements([key.movement]))
        return { ...key, found: row && parseRow<LedgerEntry>(row['json'] as string) }
      }
      case 'call':
      case 'scope':
      case 'lease':
      case 'account-lease':
      case 'call-slots':
      case 'due':
        throw new Error(`no reading names a ${key.of}`)
    }
  }

  // At once: the connection sends them one behind the other.
  return (keys) => Promise.all(keys.map(find))
}
