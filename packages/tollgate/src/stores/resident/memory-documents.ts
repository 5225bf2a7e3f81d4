/** The documents of a store in memory. */
import type { DeleteCommand, DocumentChange, DocumentResults, Documents, PutCommand } from '../../directory/documents.ts'
import { createDocumentChanges } from './document-changes.ts'
import { compareIds } from './page-order.ts'
import { toDocument, type StoredDocument } from './stored-document.ts'
import { toJsonText } from '../../engine/assert-value.ts'

type Found<K extends 'get' | 'list' | 'changes'> = Awaited<ReturnType<Documents[K]>>

export interface MemoryDocuments {
  put(command: PutCommand): DocumentResults['put']
  remove(command: DeleteCommand): DocumentResults['delete']
  get(collection: string, id: string): Found<'get'>
  list(...args: Parameters<Documents['list']>): Found<'list'>
  changes(...args: Parameters<Documents['changes']>): Found<'changes'>
}

export function createMemoryDocuments(): MemoryDocuments {
  const collections = new Map<string, Map<string, StoredDocument>>()
  const changes = createDocumentChanges()
  const note = ({ collection, id }: DocumentChange): void => changes.note({ collection, id })

  function get(collection: string, id: string): Found<'get'> {
    const stored = collections.get(collection)?.get(id)
    return stored && toDocument(collection, stored)
  }

  return {
    put({ collection, id, parent, value, expect }) {
      const current = get(collection, id)
      const version = current?.version ?? 0
      if (expect !== undefined && expect !== version) return { written: false, document: current }
      const stored = { id, parent, version: version + 1, json: toJsonText(value, `${collection} ${id}`) }
      const documents = collections.get(collection) ?? new Map<string, StoredDocument>()
      collections.set(collection, documents.set(id, stored))
      note({ collection, id })
      return { written: true, document: toDocument(collection, stored) }
    },
    remove({ collection, id }) {
      const deleted = collections.get(collection)?.delete(id) ?? false
      if (deleted) note({ collection, id })
      return { deleted }
    },
    get,
    list: (collection, { parent, after, limit }) =>
      [...(collections.get(collection)?.values() ?? [])]
        .filter((stored) => (parent === undefined || stored.parent === parent) && (after === undefined || compareIds(stored.id, after) > 0))
        .toSorted((a, b) => compareIds(a.id, b.id))
        .slice(0, limit)
        .map((stored) => toDocument(collection, stored)),
    changes: changes.read,
  }
}
