/**
 * JSON-RPC 2.0 over HTTP (jsonrpc.org/specification), as paid nodes and gateways speak it. What the protocol itself refuses (a method, its parameters) has
 * status 200; what stands before it (credentials, credit, limits, an upstream that fails) has the real one, with the same body. Clients look at either.
 */
import { defineDialect } from '../contract/read/dialect.ts'
import { listsPart } from '../contract/read/parts/lists-part.ts'
import { successesPart } from '../contract/read/parts/successes-part.ts'
import { patternsPart } from '../contract/read/parts/patterns-part.ts'
import { commonEntries } from './shapes.ts'

const { invalid, methodNotAllowed, notFound, internal, unauthenticated, creditShort, forbidden, rateLimited, quotaExhausted, conflict, unavailable } = commonEntries

/**
 * JSON-RPC 2.0, written and read. The answer has the `id` of the request, and null where it has none or cannot be read. A batch is refused as a whole, with an
 * answer for each of its requests. Codes from -32000 are the server's own; -32005 for limits is what Ethereum's nodes say (EIP-1474).
 */
export const jsonRpc = defineDialect({
  name: 'json-rpc',
  title: 'JSON-RPC 2.0',
  docs: 'https://www.jsonrpc.org/specification#error_object',
  authenticate: 'Bearer realm="api"',
  envelope: {
    batch: true,
    error: { jsonrpc: '2.0', error: { code: '$code', message: '$message', data: '$details?' }, id: '$request.id' },
    success: { jsonrpc: '2.0', result: '$data', id: '$request.id' },
  },
  entries: {
    invalidRequest: {
      code: -32600, status: 400, reason: 'request.invalid', alsoFor: ['request.*'], read: { code: -32700 },
      message: ['Invalid request: {issue}.', 'Invalid request.'], description: 'The body is no JSON, or no request of JSON-RPC.',
    },
    methodNotFound: { code: -32601, status: 404, sentAs: 200, reason: 'route.unknown', message: 'Method not found.', description: 'There is no such method.' },
    invalidParams: {
      ...invalid, code: -32602, sentAs: 200, alsoFor: ['field.*'], details: { field: 'string?' },
      message: ['Invalid params: {field} {issue}.', 'Invalid params: {issue}.', 'Invalid params.'], description: 'Parameters are missing or wrong.', remedy: 'Correct them.',
    },
    internal: { ...internal, code: -32603, message: 'Internal error.' },
    unauthenticated: { ...unauthenticated, code: -32001 },
    creditShort: { ...creditShort, code: -32002 },
    forbidden: { ...forbidden, code: -32003 },
    notFound: { ...notFound, code: -32004, sentAs: 200, alsoFor: ['resource.gone', 'session.*'] },
    rateLimited: { ...rateLimited, code: -32005 },
    quotaExhausted: { ...quotaExhausted, code: -32006 },
    conflict: { ...conflict, code: -32007 },
    methodNotAllowed: { ...methodNotAllowed, code: -32008, message: 'Only POST is allowed here.' },
    unavailable: { ...unavailable, code: -32010 },
  },
}, { parts: [listsPart, successesPart, patternsPart] })
