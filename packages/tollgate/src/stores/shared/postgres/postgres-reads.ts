/** What is asked without changing it: each a statement or two, over what is committed. */
import type { Documents } from '../../../directory/documents.ts'
import type { CallRecord } from '../../../engine/calls/call-record.ts'
import type { Lease } from '../../../engine/calls/lease-record.ts'
import type { MoneyEngine } from '../../../engine/money-commands.ts'
import { parseRow } from '../../stored-json.ts'
import { toDocument } from '../../stored-document.ts'
import { searchQuery } from './search-query.ts'
import type { SqlLink } from './sql-link.ts'

const jsonOf = <T>(rows: readonly { readonly [column: string]: unknown }[]): readonly T[] => rows.map((row) => parseRow<T>(row['json'] as string))
const finite = (value: number | undefined): number | undefined => (value === Infinity ? undefined : value)

/** `reader`: what is found by its key; `lists`: what may take longer, so that nothing waits behind it. */
export function createPostgresReads(reader: SqlLink, lists: SqlLink): Pick<MoneyEngine, 'call' | 'calls' | 'lease' | 'leases'> & Pick<Documents, 'get' | 'list' | 'parents' | 'changes'> {
  return {
    async call(id) {
      const rows = await reader.read({ name: 'tollgate_read_call', text: 'select json from tollgate.calls where id = $1', values: [id] })
      return jsonOf<CallRecord>(rows)[0]
    },
    async calls({ accountId, state, keyed, beforeMs, before, limit }) {
      const rows = await lists.read(
        searchQuery('json', 'calls', 'created_ms desc, id desc', [
          ['account =', accountId],
          ['state =', state],
          // Living calls are few, and have an index of their own; done ones are kept for a day.
          ...(state === undefined || state === 'done' ? [] : [['due_ms is not null'] as const]),
          ['created_ms <', finite(beforeMs)],
          ['(created_ms, id) <', before && [before.createdAtMs, before.id]],
          ...(keyed === undefined ? [] : [[keyed ? 'scope is not null' : 'scope is null'] as const]),
        ], limit),
      )
      return jsonOf<CallRecord>(rows)
    },
    async lease(api, id) {
      const rows = await reader.read({ name: 'tollgate_read_lease', text: 'select json from tollgate.leases where api = $1 and id = $2', values: [api, id] })
      return jsonOf<Lease>(rows)[0]
    },
    async leases({ accountId, api, state, before, limit }) {
      const rows = await lists.read(
        searchQuery('json', 'leases', 'created_ms desc, id desc, api desc', [
          ['account =', accountId],
          ['api =', api],
          ['state =', state],
          ['(created_ms, id, api) <', before && [before.createdAtMs, before.id, before.api]],
        ], limit),
      )
      return jsonOf<Lease>(rows)
    },
    async get(collection, id) {
      const [row] = await reader.read({ name: 'tollgate_read_document', text: 'select id, parent, version, json from tollgate.documents where collection = $1 and id = $2', values: [collection, id] })
      return row && toDocument(collection, storedOf(row))
    },
    async list(collection, { parent, after, limit }) {
      const rows = await lists.read(searchQuery('id, parent, version, json', 'documents', 'id', [['collection =', collection], ['parent =', parent], ['id >', after]], limit))
      return rows.map((row) => toDocument(collection, storedOf(row)))
    },
    async parents(collection, { after = '', limit }) {
      const rows = await lists.read({
        name: 'tollgate_read_parents',
        // One step of the index each, past all that are of one parent.
        text: `with recursive steps (parent) as (
  (select parent from tollgate.documents where collection = $1 and parent > $2 order by parent limit 1)
  union all select (select d.parent from tollgate.documents d where d.collection = $1 and d.parent > steps.parent order by d.parent limit 1) from steps where steps.parent is not null
) select parent from steps where parent is not null limit $3`,
        values: [collection, after, limit],
      })
      return rows.map((row) => row['parent'] as string)
    },
    async changes(after, limit) {
      if (after === undefined) {
        const [row] = await reader.read({ name: 'tollgate_changes_head', text: "select last from tollgate.heads where name = 'changes'" })
        return { changes: [], cursor: Number(row?.['last'] ?? 0), complete: true }
      }
      // The last and the first that is kept come along, so that one snapshot says all.
      const rows = await reader.read({
        name: 'tollgate_changes',
        text: `(select 0 as part, last as cursor, null as collection, null as id from tollgate.heads where name = 'changes')
union all (select 1, cursor, collection, id from tollgate.changes order by cursor limit 1)
union all (select 2, cursor, collection, id from tollgate.changes where cursor > $1 order by cursor limit $2)`,
        values: [after, limit],
      })
      const cursorsOf = (part: number): readonly number[] => rows.flatMap((row) => (row['part'] === part ? [Number(row['cursor'])] : []))
      const [last = 0] = cursorsOf(0)
      const [first = last] = cursorsOf(1)
      // A cursor of another database: this one was restored.
      if (after > last) return { changes: [], cursor: last, complete: false }
      const changes = rows.flatMap((row) => (row['part'] === 2 ? [{ collection: row['collection'] as string, id: row['id'] as string }] : []))
      return { changes, cursor: cursorsOf(2).at(-1) ?? after, complete: first <= after + 1 }
    },
  }
}

function storedOf(row: { readonly [column: string]: unknown }): Parameters<typeof toDocument>[1] {
  return { id: row['id'] as string, parent: (row['parent'] as string | null) ?? undefined, version: Number(row['version']), json: row['json'] as string }
}
