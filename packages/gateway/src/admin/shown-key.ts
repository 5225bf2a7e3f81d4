/** A key as the admin API shows it. */
import type { ApiKey } from 'tollgate/admission'
import { instantText } from './fields.ts'

/** Without the hashes: nobody needs them, and they are what a thief of the database would try to match. */
export function showKey({ id, identity, api, accountId, userId, hint, secretHashes, label, status, scopes, limits, createdAtMs, expiresAtMs, revokedAtMs }: ApiKey) {
  return {
    id,
    ...(identity !== undefined && { identity }),
    api,
    accountId,
    ...(userId !== undefined && { userId }),
    hint,
    ...(secretHashes !== undefined && { secrets: secretHashes.map(showSecret) }),
    ...(label !== undefined && { label }),
    status,
    scopes,
    ...(limits !== undefined && { limits }),
    createdAt: instantText(createdAtMs),
    ...(expiresAtMs !== undefined && { expiresAt: instantText(expiresAtMs) }),
    ...(revokedAtMs !== undefined && { revokedAt: instantText(revokedAtMs) }),
  }
}

function showSecret({ createdAtMs, expiresAtMs }: NonNullable<ApiKey['secretHashes']>[number]) {
  return { createdAt: instantText(createdAtMs), ...(expiresAtMs !== undefined && { expiresAt: instantText(expiresAtMs) }) }
}
