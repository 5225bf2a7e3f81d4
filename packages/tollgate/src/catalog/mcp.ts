/**
 * The Model Context Protocol of 2026-07-28, written and read: JSON-RPC over HTTP. The protocol says what its own numbers mean (-32700, -32600 to -32603, -32020 to
 * -32022); from -32000 down to -32768 nobody else may give any a meaning, so that what a server refuses for reasons of its own has numbers outside. That a tool failed
 * is no error of the protocol: it is a result with `isError`, said to the model, and read here as one that no repetition cures.
 */
import { defineDialect } from '../contract/read/dialect.ts'
import { readerPart } from '../contract/read/parts/reader-part.ts'
import { patternsPart } from '../contract/read/parts/patterns-part.ts'
import { successesPart } from '../contract/read/parts/successes-part.ts'
import type { Reader } from '../contract/read/reader.ts'
import { memberOf } from '../contract/read/value-at.ts'
import { listOf, numberOf, objectOf, textOf } from './members.ts'
import { commonEntries } from './shapes.ts'

const { invalid, methodNotAllowed, notFound, internal, unauthenticated, creditShort, forbidden, rateLimited, quotaExhausted, conflict, unavailable } = commonEntries

/** A result of a tool. One that asks to be paid (x402) says so in its structured content. */
const readToolResult: Reader = (body) => {
  const result = objectOf(body, 'result')
  if (memberOf(result, 'isError') !== true) return undefined
  const message = listOf(result, 'content').map((part) => textOf(part, 'text') ?? '').filter((text) => text !== '').join('\n')
  return { entry: numberOf(objectOf(result, 'structuredContent'), 'x402Version') === undefined ? 'toolFailed' : 'creditShort', message }
}

/** MCP over HTTP, written and read. */
export const mcp = defineDialect(
  {
    name: 'mcp',
    title: 'Model Context Protocol (2026-07-28)',
    docs: 'https://modelcontextprotocol.io/specification/2026-07-28/basic',
    authenticate: 'Bearer realm="mcp"',
    envelope: {
      error: { jsonrpc: '2.0', id: '$request.id', error: { code: '$code', message: '$message', data: '$details?' } },
      success: { jsonrpc: '2.0', id: '$request.id', result: '$data' },
      stream: {},
    },
    entries: {
      invalidRequest: {
        code: -32600, status: 400, reason: 'request.invalid', alsoFor: ['request.*'], read: { code: -32700 },
        message: ['Invalid request: {issue}.', 'Invalid request.'], description: 'The body is no JSON, or no request of the protocol.',
      },
      headerMismatch: { code: -32020, status: 400, reason: 'request.invalid', message: 'A header does not say what the body says, or is missing.', description: 'Headers and body of the request differ.' },
      missingCapability: { code: -32021, status: 400, reason: 'request.invalid', message: 'The client lacks a capability that this needs.', description: 'The client has not declared a capability that the request needs.' },
      unsupportedVersion: { code: -32022, status: 400, reason: 'request.invalid', message: 'This version of the protocol is not supported.', description: 'The server does not speak this version.' },
      methodNotFound: { code: -32601, status: 404, reason: 'route.unknown', message: 'Method not found.', description: 'There is no such method.' },
      invalidParams: {
        ...invalid, code: -32602, status: 400, sentAs: 200, alsoFor: ['field.*'], details: { field: 'string?' },
        message: ['Invalid params: {field} {issue}.', 'Invalid params: {issue}.', 'Invalid params.'], description: 'Parameters are missing or wrong; also a resource that does not exist.', remedy: 'Correct them.',
      },
      internal: { ...internal, code: -32603, message: 'Internal error.' },
      unauthenticated: { ...unauthenticated, code: 401 },
      creditShort: { ...creditShort, code: 402 },
      forbidden: { ...forbidden, code: 403 },
      // Servers of the version of 2025-11-25 say -32002.
      notFound: { ...notFound, code: 404, sentAs: 200, alsoFor: ['resource.gone', 'session.*'], read: { code: -32002 } },
      methodNotAllowed: { ...methodNotAllowed, code: 405, message: 'Only POST is allowed here.' },
      conflict: { ...conflict, code: 409 },
      rateLimited: { ...rateLimited, code: 429 },
      quotaExhausted: { ...quotaExhausted, code: 4290 },
      unavailable: { ...unavailable, code: 503 },
      toolFailed: {
        code: 1, status: 500, sentAs: 200, reason: 'upstream.failed', retry: 'never', action: 'fix_request',
        message: 'The tool failed.', description: 'The tool says that it failed, in a result with `isError`: the model may try again in another way.',
      },
    },
  },
  { reader: readToolResult, parts: [patternsPart, successesPart, readerPart] },
)
