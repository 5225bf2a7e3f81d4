/** Keys and secrets are replaced without a gap: the old one stays good for an overlap, so that its owner can change over. */
import { formatKeyHint, identityOf, mintKey, type ApiKey } from 'tollgate/admission'
import { withSecret } from 'tollgate/server'
import { duration, settings } from '../config/scalars.ts'
import type { AdminGateway } from './admin-gateway.ts'
import { notFound, readInput, refused, type AdminReply, type AdminRoute } from './admin-route.ts'
import { mintApiSecret, takesTokens, tokenSettingsOf } from './api-secret.ts'
import { instantText } from './fields.ts'
import { mintKeyId, prefixFor } from './keys.ts'
import { showKey } from './shown-key.ts'

/** Whoever needs longer wants two keys. */
const OVERLAP_MS_MAX = 366 * 86_400_000

const KEY_OVERLAP_MS = 86_400_000

const rotation = settings({ overlap: duration(0).refine((overlapMs) => overlapMs <= OVERLAP_MS_MAX, 'must be at most 366d').optional() })

export const keyRotationRoutes: readonly AdminRoute[] = [
  {
    method: 'POST',
    path: '/v1/keys/{id}/rotate',
    async handle({ params, body, who }, gateway) {
      const input = readInput(rotation, body)
      if ('refusal' in input) return input
      const found = await findLivingKey(params['id'] ?? '', gateway)
      return 'refusal' in found ? found : rotateKey(found.key, input.value.overlap ?? KEY_OVERLAP_MS, who, gateway)
    },
  },
  {
    method: 'POST',
    path: '/v1/keys/{id}/rotate-secret',
    async handle({ params, body, who }, gateway) {
      const input = readInput(rotation, body)
      if ('refusal' in input) return input
      const found = await findLivingKey(params['id'] ?? '', gateway)
      return 'refusal' in found ? found : rotateSecret(found.key, input.value.overlap ?? tokenSettingsOf(found.key.api, gateway).overlapMs, who, gateway)
    },
  },
]

/** Rotation must not bring a key back to life. */
async function findLivingKey(id: string, { directory, clock }: AdminGateway) {
  const key = await directory.keyById(id)
  if (key === undefined) return notFound('key', id)
  const isOver = key.expiresAtMs !== undefined && key.expiresAtMs <= clock.wallMs()
  if (key.status === 'active' && !isOver) return { key }
  return refused('resource.conflict', { resource: 'key', id, issue: `the key is ${key.status === 'active' ? 'expired' : key.status}, so that there is nothing to go on with; create another one` })
}

/** The new key has the identity, rights, limits, secrets and expiry of the old one. It is written first: in between both are good. */
async function rotateKey(old: ApiKey, overlapMs: number, who: string, gateway: AdminGateway): Promise<AdminReply> {
  const { directory, randomBytes, sha256Hex, clock } = gateway
  const owner = await prefixFor(old.accountId, gateway)
  if ('refusal' in owner) return owner
  const nowMs = clock.wallMs()
  const { prefix } = owner
  const secret = mintKey({ prefix, randomBytes })
  const key: ApiKey = { ...old, id: mintKeyId(randomBytes), identity: identityOf(old), hash: sha256Hex(secret), hint: formatKeyHint(secret, prefix), createdAtMs: nowMs }
  await directory.putKey(key, { expect: 0 })
  const ended = await directory.updateKey(old.id, (current) => ({ ...current, expiresAtMs: Math.min(current.expiresAtMs ?? Infinity, nowMs + overlapMs) }))
  if (ended === undefined) return notFound('key', old.id)
  await directory.audit('key.rotate', { who, key: old.id, account: old.accountId, before: showKey(old), after: showKey(ended), successor: showKey(key) })
  return { status: 201, body: { key: showKey(key), secret, previous: showKey(ended) } }
}

async function rotateSecret(old: ApiKey, overlapMs: number, who: string, gateway: AdminGateway): Promise<AdminReply> {
  const { directory, sha256Hex, clock } = gateway
  if (!takesTokens(old.api, gateway)) {
    return refused('resource.conflict', { resource: 'key', id: old.id, issue: `${old.api} takes no tokens, so that its keys have no secrets; rotate the key itself` })
  }
  const nowMs = clock.wallMs()
  const untilMs = nowMs + overlapMs
  const secret = mintApiSecret(old.api, gateway)
  const hadOne = (old.secretHashes ?? []).some(({ expiresAtMs = Infinity }) => expiresAtMs > nowMs)
  const after = await directory.updateKey(old.id, (key) => withSecret(key, sha256Hex(secret), nowMs, untilMs))
  if (after === undefined) return notFound('key', old.id)
  await directory.audit('key.rotate-secret', { who, key: old.id, account: old.accountId, before: showKey(old), after: showKey(after) })
  return { status: 201, body: { key: showKey(after), apiSecret: secret, ...(hadOne && { previousValidUntil: instantText(untilMs) }) } }
}
