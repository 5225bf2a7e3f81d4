/** Who changed what. */
import { z } from 'zod'
import { compact } from 'tollgate/contract'
import { settings } from '../config/read/scalars.ts'
import { instantOf, instantText, nextOf, nextPage, page } from './fields.ts'
import { operation } from './operation.ts'
import { done } from './reply.ts'

export const auditOperations = [
  operation({
    name: 'audit.list',
    method: 'GET',
    path: '/v1/audit',
    words: 'changes by operators and callers, the newest first',
    may: 'read',
    input: { query: settings(page) },
    output: z.object({
      audit: z
        .array(
          z.object({
            id: z.string().describe('of the row'),
            at: instantOf('when'),
            action: z.string().describe('`account.create`, `key.revoke`, …'),
            detail: z.record(z.string(), z.unknown()).describe('who, what, and the state before and after'),
          }),
        )
        .describe('the newest first'),
      ...nextPage,
    }),
    async handle({ query }, { directory }) {
      const rows = await directory.listAudit(compact(query))
      return done({ audit: rows.map(({ atMs, ...row }) => ({ ...row, at: instantText(atMs) })), next: nextOf(rows, query.limit, ({ id }) => id) })
    },
  }),
] as const
