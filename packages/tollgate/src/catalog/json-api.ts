/** JSON:API 1.1 (jsonapi.org/format/1.1/#errors): an error for each field at fault, with a pointer into the document or the name of a query parameter. */
import { defineDialect } from '../contract/read/dialect.ts'
import { listsPart } from '../contract/read/parts/lists-part.ts'
import { textsPart } from '../contract/read/parts/texts-part.ts'
import { commonEntries } from './shapes.ts'

/** JSON:API, written and read. `status` is a text there, and figures stand in `meta`. */
export const jsonApi = defineDialect({
  name: 'json-api',
  title: 'JSON:API 1.1',
  docs: 'https://jsonapi.org/format/1.1/#errors',
  authenticate: 'Bearer realm="api"',
  envelope: {
    contentType: 'application/vnd.api+json',
    error: {
      errors: {
        $each: '$errors',
        as: { id: '$requestId', status: '{status}', code: '$code?', detail: '$message', 'source?': { pointer: '$pointer', parameter: '$parameter' }, 'meta?': '$details' },
      },
    },
  },
  entries: commonEntries,
}, { parts: [listsPart, textsPart] })
