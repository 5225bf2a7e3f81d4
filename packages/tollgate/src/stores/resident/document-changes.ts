/** The last writes of documents, for who keeps copies of them: a ring, whose numbers ascend. */
import type { ChangePage, DocumentChange } from '../../directory/documents.ts'

const KEPT_MAX = 10_000

export interface DocumentChanges {
  /** To be called when the write is committed. */
  note(change: DocumentChange): void
  read(after: number | undefined, limit: number): ChangePage
}

export function createDocumentChanges(keptMax = KEPT_MAX): DocumentChanges {
  const ring: DocumentChange[] = []
  /** How many there ever were. */
  let written = 0

  return {
    note({ collection, id }) {
      ring[written % keptMax] = { collection, id }
      written += 1
    },
    read(after = written, limit) {
      const from = Math.max(after, written - keptMax)
      const cursor = Math.min(written, from + limit)
      const changes: DocumentChange[] = []
      for (let at = from; at < cursor; at += 1) {
        const change = ring[at % keptMax]
        if (change !== undefined) changes.push(change)
      }
      return { changes, cursor, complete: from === after }
    },
  }
}
