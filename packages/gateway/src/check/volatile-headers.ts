/** Headers that two answers of one form have otherwise: times, ids, figures, and what belongs to the connection. */
import { headerSets, type Contract } from 'tollgate/contract'

const always = ['date', 'connection', 'keep-alive', 'content-length', 'transfer-encoding', 'retry-after', 'age', 'etag', 'set-cookie', 'ratelimit', 'ratelimit-policy', 'cf-ray', 'server-timing', 'traceparent', 'nel', 'report-to', 'alt-svc']

export function volatileHeaders({ declaration, requestIdHeader }: Contract): ReadonlySet<string> {
  const rate = headerSets(declaration.rateLimitHeaders).flatMap(({ limit, remaining, used, reset }) => [limit, remaining, used, reset].flatMap((name) => name?.toLowerCase() ?? []))
  return new Set([...always, ...rate, requestIdHeader.toLowerCase()])
}
