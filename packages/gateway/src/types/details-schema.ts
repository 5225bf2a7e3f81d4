/** The details of an entry as one object, wherever they stand in its envelope. */
import type { Detail, Entry } from 'tollgate/contract'
import { detailSchema } from '../openapi/detail-schema.ts'
import type { ErrorSchema } from '../openapi/json-schema-node.ts'

export function detailsSchema(details: readonly Detail[], entry: Entry): ErrorSchema {
  return {
    type: 'object',
    properties: Object.fromEntries(details.map((detail) => [detail.name, detailSchema(detail, entry)])),
    required: details.flatMap(({ name, whenUnknown }) => (whenUnknown === 'absent' ? [] : [name])),
  }
}
