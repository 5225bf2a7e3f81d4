/** An account as the admin API shows it. */
import type { Account } from 'tollgate/directory'
import { z } from 'zod'
import { instantOf, instantText, instantTextOf } from './fields.ts'
import { showOwnLimits, shownOwnLimits } from './own-limits.ts'

export const accountStatus = z.enum(['active', 'suspended', 'disabled', 'not_entitled'])

export const shownAccount = z.object({
  id: z.string().describe('of the account'),
  api: z.string().describe('the API that it belongs to'),
  name: z.string().describe('for people'),
  status: accountStatus.describe('whether its callers are let through'),
  suspendedUntil: instantOf('when the suspension ends').optional(),
  plan: z.string().describe('its plan'),
  limits: shownOwnLimits,
  blockedWords: z.array(z.string()).optional().describe('words that it wants refused'),
  createdAt: instantOf('when it was created'),
})

export function showAccount({ createdAtMs, suspendedUntilMs, limits, ...account }: Account) {
  return { ...account, limits: showOwnLimits(limits), suspendedUntil: instantTextOf(suspendedUntilMs), createdAt: instantText(createdAtMs) }
}
