/**
 * gRPC's status, read only: in the headers, or the trailers, of an answer with status 200 (`grpc-status`, `grpc-message`); in the body where grpc-gateway translates it,
 * whose `code` is the number of gRPC and no status. `grpc-retry-pushback-ms` is a wait; a negative one, or one that is no number, forbids another try (gRFC A6).
 */
import { defineDialect } from '../contract/read/dialect.ts'
import { readerPart } from '../contract/read/parts/reader-part.ts'
import type { Reader } from '../contract/read/reader.ts'
import { compact } from '../contract/values/compact.ts'
import { grpcEntries } from './grpc-codes.ts'
import { numberOf, objectOf, textOf } from './members.ts'
import { says } from './read-only-entry.ts'

const readGrpc: Reader = (body, { status, headers }) => {
  const inHeaders = headers['grpc-status']
  if (inHeaders !== undefined) {
    if (!/^\d{1,3}$/.test(inHeaders) || Number(inHeaders) === 0) return undefined
    const pushback = headers['grpc-retry-pushback-ms']
    const isForbidden = pushback !== undefined && !/^\d{1,12}$/.test(pushback)
    return compact({
      code: Number(inHeaders),
      message: decoded(headers['grpc-message'] ?? ''),
      entry: isForbidden ? 'pushedBack' : undefined,
      retryAfterSeconds: pushback === undefined || isForbidden ? undefined : Math.ceil(Number(pushback) / 1000),
    })
  }
  // In a stream the error stands in an object of its own.
  const error = status === undefined || status >= 400 ? (objectOf(body, 'error') ?? body) : undefined
  const code = numberOf(error, 'code') ?? numberOf(error, 'grpc_code')
  const message = textOf(error, 'message')
  return code === undefined || message === undefined || code < 1 || code > 16 ? undefined : { code, message }
}

/** Percent-encoded, and taken as it stands where it is badly so. */
function decoded(message: string): string {
  try {
    return decodeURIComponent(message)
  } catch {
    return message
  }
}

/** gRPC; read only. */
export const grpc = defineDialect(
  {
    name: 'grpc',
    title: 'gRPC status, grpc-gateway',
    docs: 'https://grpc.io/docs/guides/status-codes/',
    decodeOnly: true,
    envelope: { error: { code: '$code?', message: '$message' }, stream: { data: { error: { code: '$code?', message: '$message' } } } },
    entries: {
      ...grpcEntries('number'),
      pushedBack: says('', 503, 'upstream.unavailable', 'Not available, and not to be tried again.', { source: 'api', retry: 'never', headers: { 'grpc-status': '14', 'grpc-retry-pushback-ms': '-1' } }),
    },
  },
  { reader: readGrpc, parts: [readerPart] },
)
