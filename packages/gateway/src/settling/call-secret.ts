import type { Documents } from 'tollgate/directory'
import { applyOne } from 'tollgate/stores'

const PLACE = { collection: 'gateway', id: 'call-secret' } as const
const SECRET_BYTES = 32

/**
 * What the addresses of calls are signed with: made at the first start and kept in the store, so that they stay good over a restart. Who reads the
 * database, or a backup of it, can settle any open call.
 */
export async function openCallSecret(store: Documents, randomBytes: (count: number) => Uint8Array): Promise<string> {
  const kept = (await store.get(PLACE.collection, PLACE.id))?.value as { readonly secret: string } | undefined
  if (kept !== undefined) return kept.secret
  const secret = Buffer.from(randomBytes(SECRET_BYTES)).toString('hex')
  const { written } = await applyOne(store, { kind: 'put', ...PLACE, value: { secret }, expect: 0 })
  return written ? secret : openCallSecret(store, randomBytes)
}
