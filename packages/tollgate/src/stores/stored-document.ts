import type { Document } from '../directory/documents.ts'

/** As a store keeps it, beside its collection. */
export interface StoredDocument {
  readonly id: string
  readonly parent: string | undefined
  readonly version: number
  readonly json: string
}

export function toDocument(collection: string, { id, parent, version, json }: StoredDocument): Document {
  const document = { collection, id, version, value: JSON.parse(json) as unknown }
  return parent === undefined ? document : { ...document, parent }
}
