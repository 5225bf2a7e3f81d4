/** Writes to documents in a group: each is decided over what those before it have left. */
import type { Document, DocumentCommand } from '../../directory/documents.ts'
import { toJsonText } from '../../engine/assert-value.ts'
import { toDocument } from '../stored-document.ts'
import type { Result } from '../store.ts'
import type { DocumentName, WrittenDocument } from './group-transaction.ts'

export class DocumentGroup {
  readonly #stands: (name: DocumentName) => Document | undefined
  readonly #written = new Map<string, WrittenDocument>()
  readonly #feed: DocumentName[] = []

  constructor(stands: (name: DocumentName) => Document | undefined) {
    this.#stands = stands
  }

  get written(): readonly WrittenDocument[] {
    return [...this.#written.values()]
  }

  get feed(): readonly DocumentName[] {
    return this.#feed
  }

  write(command: DocumentCommand): Result {
    const { collection, id } = command
    const current = this.#current(command)
    if (command.kind === 'delete') {
      if (current === undefined) return { deleted: false }
      this.#put({ collection, id, parent: undefined, version: 0, json: undefined })
      return { deleted: true }
    }
    const version = current?.version ?? 0
    if (command.expect !== undefined && command.expect !== version) return { written: false, document: current }
    const written = { collection, id, parent: command.parent, version: version + 1, json: toJsonText(command.value, `${collection} ${id}`) }
    this.#put(written)
    return { written: true, document: toDocument(collection, written) }
  }

  #current(name: DocumentName): Document | undefined {
    const written = this.#written.get(toNameText(name))
    if (written === undefined) return this.#stands(name)
    const { collection, json, ...stored } = written
    return json === undefined ? undefined : toDocument(collection, { ...stored, json })
  }

  #put(written: WrittenDocument): void {
    this.#written.set(toNameText(written), written)
    this.#feed.push({ collection: written.collection, id: written.id })
  }
}

/** The same for two names of one document. */
export function toNameText({ collection, id }: DocumentName): string {
  return JSON.stringify([collection, id])
}
