/** A row of the request log as the admin API shows it. */
import type { Reading } from 'tollgate/engine'
import type { RequestRow } from 'tollgate/journal'
import { z } from 'zod'
import { instantOf, instantText } from './fields.ts'
import { limitOrUnlimited, showLimits } from './shown-limits.ts'

const shownReading = z.object({
  name: z.string().describe('the meter'),
  subject: z.string().describe('whom it counts: `account:acme`'),
  kind: z.string().describe('its kind: `window`, `quota`, …'),
  limit: limitOrUnlimited.describe('how much there may be'),
  remaining: z.number().optional().describe('how much was left, where something limits it'),
  used: z.number().describe('how much there was then'),
  resetAtMs: z.number().describe('when it starts anew, in milliseconds since 1970'),
  admitted: z.boolean().describe('false: this is what refused the request'),
  retryAtMs: z.number().optional().describe('when it would have let it pass, in milliseconds since 1970'),
})

const refusal = z.object({
  entry: z.string().describe('of the contract'),
  code: z.union([z.string(), z.number()]).describe('on the wire'),
  reason: z.string().describe('what happened: `quota.exhausted`'),
  source: z.string().describe('who refused: `client`, `api`, `upstream`, `network`'),
  message: z.string().describe('what the caller was told'),
  facts: z.record(z.string(), z.unknown()).describe('what the answer says of it, under canonical names'),
  cause: z.string().optional().describe('what the caller was not told'),
  midStream: z.boolean().optional().describe('the answer had begun when it broke off'),
})

const attempt = z.object({
  target: z.string().describe('whom'),
  status: z.number().optional().describe('what it answered'),
  error: z.string().optional().describe('why it did not: `refused`, `timeout`, `reset`, …'),
  durationMs: z.number().describe('how long it took'),
})

export const shownRequest = z.object({
  requestId: z.string().describe('as it stands in the answer'),
  clientRequestId: z.string().optional().describe('the caller’s own id for it'),
  traceId: z.string().optional().describe('its trace'),
  at: instantOf('when it came'),
  durationMs: z.number().describe('how long it took'),
  method: z.string().describe('of HTTP'),
  path: z.string().describe('without the query'),
  remoteAddress: z.string().describe('where it came from'),
  api: z.string().optional().describe('the API'),
  route: z.string().optional().describe('the route'),
  accountId: z.string().optional().describe('the account'),
  userId: z.string().optional().describe('the user within the account'),
  keyId: z.string().optional().describe('the key'),
  plan: z.string().optional().describe('the plan of the account then'),
  status: z.number().describe('of the answer'),
  refusal: refusal.optional().describe('how it was refused, or failed'),
  meters: z.array(shownReading).describe('what was counted'),
  uncounted: z.array(z.string()).optional().describe('meters that got their count back'),
  upstream: z.array(attempt).describe('what the service was asked'),
  serviceSaid: z.string().optional().describe('the beginning of what it said, where that was not understood'),
  timings: z.record(z.string(), z.number()).describe('milliseconds since it came, by step'),
  bytesIn: z.number().describe('of its body'),
  bytesOut: z.number().describe('of the answer'),
})

export function showRequest({ atMs, meters, refusal: refused, ...row }: RequestRow) {
  return { ...row, at: instantText(atMs), refusal: refused && { ...refused, facts: { ...refused.facts } }, meters: meters.map(showReading) }
}

function showReading(reading: Reading) {
  const { name, subject, kind, used, resetAtMs, admitted, retryAtMs } = reading
  return { name, subject, kind, ...showLimits(reading), used, resetAtMs, admitted, retryAtMs }
}
