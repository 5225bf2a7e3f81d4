/** A row to be kept as it is. What was cut out of a request's head, or of an answer, would keep all of that beside it. */
import type { Facts } from '../contract/declare/facts.ts'
import { ownText } from '../contract/values/own-text.ts'
import type { RequestRow, UpstreamAttempt } from './request-row.ts'

export function ownRow(row: RequestRow): RequestRow {
  const { clientRequestId, traceId, path, remoteAddress, refusal, upstream, serviceSaid } = row
  return {
    ...row,
    clientRequestId: own(clientRequestId),
    traceId: own(traceId),
    path: own(path),
    remoteAddress: own(remoteAddress),
    refusal: refusal && { ...refusal, message: ownText(refusal.message), facts: ownFacts(refusal.facts), cause: own(refusal.cause) },
    // Tests leave some out.
    upstream: upstream?.map(ownAttempt),
    serviceSaid: own(serviceSaid),
  }
}

function own<T extends string | undefined>(text: T): T {
  return text === undefined ? text : (ownText(text) as T)
}

function ownAttempt(attempt: UpstreamAttempt): UpstreamAttempt {
  return { ...attempt, target: ownText(attempt.target) }
}

function ownFacts(facts: Facts): Facts {
  return Object.fromEntries(Object.entries(facts).map(([name, fact]) => [name, typeof fact === 'string' ? ownText(fact) : fact]))
}
