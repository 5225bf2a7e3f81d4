/** A session as the admin API shows it. */
import type { Lease } from 'tollgate/engine'
import { z } from 'zod'
import { instantOf, instantText, instantTextOf } from './fields.ts'

export const sessionState = z.enum(['active', 'released', 'terminated', 'expired'])

export const shownSession = z.object({
  id: z.string().describe('as its service has named it'),
  api: z.string().describe('the API'),
  accountId: z.string().describe('whose it is'),
  callId: z.string().describe('the request that began it'),
  state: sessionState.describe('whether it lives'),
  taken: z
    .array(z.object({ meter: z.string().describe('the meter'), subject: z.string().describe('whose: `account:acme`'), quantity: z.number().describe('how much of it') }))
    .describe('what it occupies, or did'),
  createdAt: instantOf('when it began'),
  expiresAt: instantOf('when it ends by itself').optional(),
  endedAt: instantOf('when it ended').optional(),
})

/** What is past its deadline is over, swept or not. */
export function showSession({ createdAtMs, expiresAtMs, endedAtMs, taken, ...lease }: Lease, nowMs: number) {
  const isOver = lease.state === 'active' && expiresAtMs !== undefined && expiresAtMs <= nowMs
  return {
    ...lease,
    state: isOver ? ('expired' as const) : lease.state,
    taken: taken.map(({ subject, name, quantity }) => ({ meter: name, subject, quantity })),
    createdAt: instantText(createdAtMs),
    expiresAt: instantTextOf(expiresAtMs),
    endedAt: instantTextOf(isOver ? expiresAtMs : endedAtMs),
  }
}
