/** ASP.NET Core's problem details: no codes, a `type` and a `title` for each status, and the fields at fault as a map of texts (`ValidationProblemDetails`). */
import { defineDialect } from '../contract/read/dialect.ts'
import { listsPart } from '../contract/read/parts/lists-part.ts'
import { compact } from '../contract/values/compact.ts'
import { commonEntries } from './shapes.ts'

const { unauthenticated, creditShort, forbidden, notFound, methodNotAllowed, conflict, rateLimited, internal, unavailable } = commonEntries

const BAD_REQUEST = 'https://tools.ietf.org/html/rfc9110#section-15.5.1'

/** `section`: of RFC 9110, which stands in the type. A status that the framework does not list has none. */
function problemOf<const E extends { readonly code: string }>({ code: _code, ...entry }: E, title: string, section?: string) {
  return { ...entry, attributes: compact({ title, type: section && `https://tools.ietf.org/html/rfc9110#section-${section}` }) }
}

/** ASP.NET Core, written and read. The status tells what happened, so that of two refusals with one status the first is read. */
export const aspnet = defineDialect({
  name: 'aspnet',
  title: 'ASP.NET Core',
  docs: 'https://learn.microsoft.com/aspnet/core/fundamentals/error-handling-api',
  requestId: { format: 'hex' },
  authenticate: 'Bearer',
  envelope: {
    contentType: 'application/problem+json',
    error: { type: '$type?', title: '$title', status: '$status', detail: '$message', traceId: '$requestId', '...': '$details' },
    families: {
      validation: { type: '$type', title: '$message', status: '$status', errors: { $each: '$fields', key: ['$property', ''], as: ['$issue'] }, traceId: '$requestId' },
    },
  },
  entries: {
    invalid: {
      status: 400, reason: 'field.invalid', alsoFor: ['field.*'], message: 'One or more validation errors occurred.', family: 'validation',
      attributes: { type: BAD_REQUEST }, description: 'Fields are missing or wrong.', remedy: 'Correct the fields that the answer names.',
    },
    badRequest: {
      status: 400, reason: 'request.invalid', alsoFor: ['request.*'], message: ['{issue}.', 'The request is not valid.'],
      attributes: { title: 'Bad Request', type: BAD_REQUEST },
      description: 'The request as a whole cannot be understood.', remedy: 'Correct it.',
    },
    unauthenticated: problemOf(unauthenticated, 'Unauthorized', '15.5.2'),
    creditShort: problemOf(creditShort, 'Payment Required'),
    forbidden: problemOf(forbidden, 'Forbidden', '15.5.4'),
    notFound: problemOf(notFound, 'Not Found', '15.5.5'),
    methodNotAllowed: problemOf(methodNotAllowed, 'Method Not Allowed', '15.5.6'),
    conflict: problemOf(conflict, 'Conflict', '15.5.10'),
    rateLimited: problemOf({ ...rateLimited, alsoFor: ['concurrency.limited', 'quota.exhausted'] }, 'Too Many Requests'),
    internal: problemOf(internal, 'An error occurred while processing your request.', '15.6.1'),
    unavailable: problemOf(unavailable, 'Service Unavailable', '15.6.4'),
  },
}, { parts: [listsPart] })
