/** By what the request log is searched, as an operator asks for it, for lists and sums alike. */
import type { RequestQuery } from 'tollgate/admission'
import { nearestReason, reasonFamilies, serverReasons } from 'tollgate/contract'
import { z } from 'zod'
import { nearestName } from '../config/nearest-name.ts'
import { instant, since, sinceMs } from './fields.ts'

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
  account: z.string().optional(),
  api: z.string().optional(),
  entry: z.string().optional(),
  route: z.string().optional(),
  reason: reason.optional(),
  status: status.optional(),
  clientRequestId: z.string().optional(),
  since: since.optional(),
  before: instant.optional(),
}

type Asked = { readonly [Name in keyof typeof requestFilters]?: z.output<(typeof requestFilters)[Name]> | undefined }

export function toRequestQuery({ account, api, entry, route, reason: why, status: range, clientRequestId, since: from, before }: Asked, nowMs: number): Omit<RequestQuery, 'limit'> {
  return {
    ...(account !== undefined && { accountId: account }),
    ...(api !== undefined && { api }),
    ...(entry !== undefined && { entry }),
    ...(route !== undefined && { route }),
    ...(why !== undefined && { reason: why }),
    ...(range !== undefined && { status: range }),
    ...(clientRequestId !== undefined && { clientRequestId }),
    ...(from !== undefined && { sinceMs: sinceMs(from, nowMs) }),
    ...(before !== undefined && { beforeMs: before }),
  }
}
