/** By what the request log is searched, as an operator asks for it, for lists and sums alike. */
import type { RequestQuery } from 'tollgate/journal'
import { compact, nearestReason, reasonFamilies, serverReasons } from 'tollgate/contract'
import { z } from 'zod'
import { nearestName } from 'tollgate/contract'
import { since, sinceMs } from './fields.ts'

const clientReasons = ['aborted', 'unknown'] as const
const reasons: readonly string[] = [...serverReasons, ...clientReasons, ...reasonFamilies]

const reason = z.string().superRefine((text, context) => {
  if (reasons.includes(text)) return
  const nearest = nearestName(text, reasons) ?? nearestReason(text)
  context.addIssue(nearest === undefined ? `is no reason; there are such as ${serverReasons.slice(0, 3).join(', ')}, and families: ${reasonFamilies.join(', ')}` : `is no reason; did you mean "${nearest}"?`)
})

/** `404`, or all that begin alike: `5xx`. */
const status = z
  .string()
  .regex(/^[1-5](?:\d\d|xx)$/i, 'must be a status such as 404, or a class such as 5xx')
  .transform((text) => ({ least: Number(text.replaceAll(/x/gi, '0')), most: Number(text.replaceAll(/x/gi, '9')) }))

export const requestFilters = {
  account: z.string().optional().describe('only those of this account'),
  api: z.string().optional().describe('only those of this API'),
  entry: z.string().optional().describe('only those that ended in this entry of the contract'),
  route: z.string().optional().describe('only those of this route: its name, otherwise `POST /v1/messages`'),
  reason: reason.optional().describe('only those that were refused for this: `rate.limited`, or a family: `rate.*`'),
  status: status.optional().describe('only those with this status, or class: `5xx`'),
  clientRequestId: z.string().optional().describe('only those that the caller gave this id'),
  since: since.optional().describe('only later ones'),
  before: since.optional().describe('only earlier ones'),
}

type Asked = { readonly [Name in keyof typeof requestFilters]?: z.output<(typeof requestFilters)[Name]> | undefined }

export function toRequestQuery({ account, since: from, before: to, ...same }: Asked, nowMs: number): Omit<RequestQuery, 'limit'> {
  return compact({ ...same, accountId: account, sinceMs: from && sinceMs(from, nowMs), beforeMs: to && sinceMs(to, nowMs) })
}
