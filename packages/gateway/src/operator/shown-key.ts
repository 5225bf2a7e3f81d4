/** A key as the admin API shows it. */
import type { ApiKey } from 'tollgate/directory'
import { z } from 'zod'
import { instantOf, instantText, instantTextOf } from './fields.ts'
import { showOwnLimits, shownOwnLimits } from './own-limits.ts'

const created = instantOf('when it was created')
const expires = instantOf('when it ends').optional()

export const keyStatus = z.enum(['active', 'disabled', 'revoked'])

export const shownKey = z.object({
  id: z.string().describe('of the key'),
  identity: z.string().optional().describe('the key that it follows after rotations: all that is counted is kept under it'),
  api: z.string().describe('the API that it opens'),
  accountId: z.string().describe('the account that it belongs to'),
  userId: z.string().optional().describe('the user within the account'),
  hint: z.string().describe('how it begins'),
  secrets: z.array(z.object({ createdAt: created, expiresAt: expires })).optional().describe('the secrets that with it are exchanged for tokens'),
  label: z.string().optional().describe('what to remember it by'),
  status: keyStatus.describe('whether it opens anything'),
  scopes: z.array(z.string()).describe('what it may do'),
  limits: shownOwnLimits,
  createdAt: created,
  expiresAt: expires,
  revokedAt: instantOf('when it was revoked').optional(),
})

/** Without the hashes: nobody needs them, and they are what a thief of the database would try to match. */
export function showKey({ id, identity, api, accountId, userId, hint, secretHashes, label, status, scopes, limits, createdAtMs, expiresAtMs, revokedAtMs }: ApiKey) {
  return {
    id,
    identity,
    api,
    accountId,
    userId,
    hint,
    secrets: secretHashes?.map((secret) => ({ createdAt: instantText(secret.createdAtMs), expiresAt: instantTextOf(secret.expiresAtMs) })),
    label,
    status,
    scopes,
    limits: showOwnLimits(limits),
    createdAt: instantText(createdAtMs),
    expiresAt: instantTextOf(expiresAtMs),
    revokedAt: instantTextOf(revokedAtMs),
  }
}
