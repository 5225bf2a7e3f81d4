import type { RequestRow } from 'tollgate/journal'
import type { LogFields } from '../platform/log.ts'
import { scrubbedText } from '../platform/redaction.ts'

/** What the log says of a request: the figures of its row, no text of the caller's but the path. `tollgate request ID` has the rest. */
export function accessLine(row: RequestRow): LogFields {
  const last = row.upstream.at(-1)
  return filled({
    requestId: row.requestId,
    clientRequestId: row.clientRequestId,
    traceId: row.traceId,
    api: row.api,
    route: row.route,
    method: row.method,
    // The one text of a caller's that may be anything: some put a key into a path.
    path: scrubbedText(row.path),
    status: row.status,
    entry: row.refusal?.entry,
    reason: row.refusal?.reason,
    account: row.accountId,
    user: row.userId,
    keyId: row.keyId,
    plan: row.plan,
    remoteAddress: row.remoteAddress,
    durationMs: row.durationMs,
    upstreamStatus: last?.status,
    upstreamError: last?.error,
    upstreamMs: last === undefined ? undefined : Math.round(last.durationMs * 100) / 100,
    bytesIn: row.bytesIn,
    bytesOut: row.bytesOut,
  })
}

/** A line has no member that says nothing. */
function filled(fields: LogFields): LogFields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== ''))
}
