/** JSON:API 1.1 (jsonapi.org/format/1.1/#errors): an error for each field at fault, with a pointer into the document or the name of a query parameter. */
import { defineShipped } from './define-shipped.ts'
import { commonEntries } from './shapes.ts'

/**
 * JSON:API, written and read. `status` is a text there, and figures stand in `meta`.
 *
 * @example
 * jsonApi.answer(jsonApi.refuse('rateLimited'), { requestId: 'r1', nowMs: 0 }).status // => 429
 */
export const jsonApi = defineShipped({
  name: 'json-api',
  title: 'JSON:API 1.1',
  docs: 'https://jsonapi.org/format/1.1/#errors',
  authenticate: 'Bearer realm="api"',
  envelope: {
    contentType: 'application/vnd.api+json',
    error: {
      errors: {
        $each: '$errors',
        as: { id: '$requestId', status: '{status}', code: '$code', detail: '$message', 'source?': { pointer: '$pointer', parameter: '$parameter' }, 'meta?': '$details' },
      },
    },
  },
  entries: commonEntries,
})
