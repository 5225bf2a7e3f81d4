/** GraphQL as most servers answer it: status 200 for everything, a list of errors, and the code in `extensions` (spec.graphql.org, section 7.1.2). */
import { defineDialect } from '../contract/read/dialect.ts'
import { listsPart } from '../contract/read/parts/lists-part.ts'
import { successesPart } from '../contract/read/parts/successes-part.ts'
import { commonEntries } from './shapes.ts'

/** GraphQL with `application/json`, written and read. What is `data` beside `errors` is not read: clients of GraphQL treat such an answer as failed. */
export const graphql = defineDialect({
  name: 'graphql',
  title: 'GraphQL',
  docs: 'https://spec.graphql.org/draft/#sec-Errors',
  authenticate: 'Bearer realm="api"',
  alwaysStatus: 200,
  envelope: {
    error: {
      errors: { $each: '$errors', as: { message: '$message', extensions: { code: '$code?', 'field?': '$field', requestId: '$requestId', '...': '$details' } } },
    },
    success: { data: '$data' },
    // `graphql-transport-ws` has no message for what concerns the whole connection.
    webSocket: { frame: null, close: { code: '4{status}', reason: '{code}: {message}' } },
  },
  entries: commonEntries,
}, { parts: [listsPart, successesPart] })
