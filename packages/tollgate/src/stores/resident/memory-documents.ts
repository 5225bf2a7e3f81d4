/** The documents of a store in memory. */
import type { DeleteCommand, DocumentChange, DocumentResults, Documents, PutCommand } from '../../directory/documents.ts'
import { createDocumentChanges } from './document-changes.ts'
import { compareIds } from './page-order.ts'
import { toDocument, type StoredDocument } from '../stored-document.ts'
import { toJsonText } from '../../engine/assert-value.ts'

type Found<K extends 'get' | 'list' | 'parents' | 'changes'> = Awaited<ReturnType<Documents[K]>>

export interface MemoryDocuments {
  put(command: PutCommand): DocumentResults['put']
  remove(command: DeleteCommand): DocumentResults['delete']
  get(collection: string, id: string): Found<'get'>
  list(...args: Parameters<Documents['list']>): Found<'list'>
  parents(...args: Parameters<Documents['parents']>): Found<'parents'>
  changes(...args: Parameters<Documents['changes']>): Found<'changes'>
}

interface Collection {
  readonly all: Map<string, StoredDocument>
  readonly byParent: Map<string, Map<string, StoredDocument>>
}

export function createMemoryDocuments(): MemoryDocuments {
  const collections = new Map<string, Collection>()
  const changes = createDocumentChanges()
  const note = ({ collection, id }: DocumentChange): void => changes.note({ collection, id })

  function get(collection: string, id: string): Found<'get'> {
    const stored = collections.get(collection)?.all.get(id)
    return stored && toDocument(collection, stored)
  }

  function collectionOf(name: string): Collection {
    const known = collections.get(name) ?? { all: new Map(), byParent: new Map() }
    collections.set(name, known)
    return known
  }

  /** From under its parent. */
  function detach({ byParent }: Collection, { id, parent }: StoredDocument): void {
    if (parent === undefined) return
    const siblings = byParent.get(parent)
    siblings?.delete(id)
    if (siblings?.size === 0) byParent.delete(parent)
  }

  function keep(collection: Collection, stored: StoredDocument): void {
    const { all, byParent } = collection
    const former = all.get(stored.id)
    if (former !== undefined) detach(collection, former)
    all.set(stored.id, stored)
    if (stored.parent !== undefined) byParent.set(stored.parent, (byParent.get(stored.parent) ?? new Map<string, StoredDocument>()).set(stored.id, stored))
  }

  return {
    put({ collection, id, parent, value, expect }) {
      const current = get(collection, id)
      const version = current?.version ?? 0
      if (expect !== undefined && expect !== version) return { written: false, document: current }
      const stored = { id, parent, version: version + 1, json: toJsonText(value, `${collection} ${id}`) }
      keep(collectionOf(collection), stored)
      note({ collection, id })
      return { written: true, document: toDocument(collection, stored) }
    },
    remove({ collection, id }) {
      const documents = collectionOf(collection)
      const stored = documents.all.get(id)
      if (stored === undefined) return { deleted: false }
      detach(documents, stored)
      documents.all.delete(id)
      note({ collection, id })
      return { deleted: true }
    },
    get,
    list(collection, { parent, after, limit }) {
      const found = collections.get(collection)
      const asked = parent === undefined ? found?.all : found?.byParent.get(parent)
      return [...(asked?.values() ?? [])]
        .filter((stored) => after === undefined || compareIds(stored.id, after) > 0)
        .toSorted((a, b) => compareIds(a.id, b.id))
        .slice(0, limit)
        .map((stored) => toDocument(collection, stored))
    },
    parents: (collection, { after, limit }) =>
      [...(collections.get(collection)?.byParent.keys() ?? [])]
        .filter((parent) => after === undefined || compareIds(parent, after) > 0)
        .toSorted(compareIds)
        .slice(0, limit),
    changes: changes.read,
  }
}
