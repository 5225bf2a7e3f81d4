/** Keys and secrets are replaced without a gap: the old one stays good for an overlap, so that its owner can change over. */
import { formatKeyHint, identityOf, mintKey, type ApiKey } from 'tollgate/directory'
import { withSecret } from 'tollgate/gate'
import { z } from 'zod'
import { duration, settings } from '../config/read/scalars.ts'
import type { AdminGateway } from './admin-gateway.ts'
import { mintApiSecret, takesTokens, tokenSettingsOf } from './api-secret.ts'
import { instantOf, instantText, keyParams } from './fields.ts'
import { mintKeyId, ownerOf } from './keys.ts'
import { operation } from './operation.ts'
import { done, notFound, refused, type OrRefused } from './reply.ts'
import { showKey, shownKey } from './shown-key.ts'

/** Whoever needs longer wants two keys. */
const OVERLAP_MS_MAX = 366 * 86_400_000

const KEY_OVERLAP_MS = 86_400_000

const overlap = duration(0).refine((overlapMs) => overlapMs <= OVERLAP_MS_MAX, 'must be at most 366d').optional()

export const keyRotationOperations = [
  operation({
    name: 'keys.rotate',
    method: 'POST',
    path: '/v1/keys/{id}/rotate',
    words: 'replace a key by a new one with the same rights, limits and money',
    may: 'write',
    input: { params: keyParams, body: settings({ overlap: overlap.describe('how long the old one stays good; default: 24h') }) },
    output: z.object({
      key: shownKey.describe('the new one'),
      secret: z.string().describe('the new key, which is shown only now'),
      previous: shownKey.describe('the old one'),
    }),
    async handle({ params, body, who }, gateway) {
      const found = await findLivingKey(params.id, gateway)
      return found.ok ? rotateKey(found.value, body.overlap ?? KEY_OVERLAP_MS, who, gateway) : found
    },
  }),
  operation({
    name: 'keys.rotate-secret',
    method: 'POST',
    path: '/v1/keys/{id}/rotate-secret',
    words: 'give a key a new secret for tokens',
    may: 'write',
    input: { params: keyParams, body: settings({ overlap: overlap.describe('how long those before stay good; default: the API’s tokens.overlap') }) },
    output: z.object({
      key: shownKey.describe('as it is now'),
      apiSecret: z.string().describe('the new secret, which is shown only now'),
      previousValidUntil: instantOf('until when those before are good, if there were any').optional(),
    }),
    async handle({ params, body, who }, gateway) {
      const found = await findLivingKey(params.id, gateway)
      return found.ok ? rotateSecret(found.value, body.overlap ?? tokenSettingsOf(found.value.api, gateway).overlapMs, who, gateway) : found
    },
  }),
] as const

/** Rotation must not bring a key back to life. */
async function findLivingKey(id: string, { directory, clock }: AdminGateway): Promise<OrRefused<ApiKey>> {
  const key = await directory.keyById(id)
  if (key === undefined) return notFound('key', id)
  const isOver = key.expiresAtMs !== undefined && key.expiresAtMs <= clock.wallMs()
  if (key.status === 'active' && !isOver) return { ok: true, value: key }
  return refused('resource.conflict', { resource: 'key', id, issue: `the key is ${key.status === 'active' ? 'expired' : key.status}, so that there is nothing to go on with; create another one` })
}

/** The new key has the identity, rights, limits, secrets and expiry of the old one. It is written first: in between both are good. */
async function rotateKey(old: ApiKey, overlapMs: number, who: string, gateway: AdminGateway) {
  const { directory, randomBytes, sha256Hex, clock } = gateway
  const owner = await ownerOf(old.accountId, gateway)
  if (!owner.ok) return owner
  const nowMs = clock.wallMs()
  const { prefix } = owner.value
  const secret = mintKey({ prefix, randomBytes })
  const key: ApiKey = { ...old, id: mintKeyId(randomBytes), identity: identityOf(old), hash: sha256Hex(secret), hint: formatKeyHint(secret, prefix), createdAtMs: nowMs }
  await directory.putKey(key, { expect: 0 })
  const ended = await directory.updateKey(old.id, (current) => ({ ...current, expiresAtMs: Math.min(current.expiresAtMs ?? Infinity, nowMs + overlapMs) }))
  if (ended === undefined) return notFound('key', old.id)
  await directory.audit('key.rotate', { who, key: old.id, account: old.accountId, before: showKey(old), after: showKey(ended), successor: showKey(key) })
  return done({ key: showKey(key), secret, previous: showKey(ended) }, 201)
}

async function rotateSecret(old: ApiKey, overlapMs: number, who: string, gateway: AdminGateway) {
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
  return done({ key: showKey(after), apiSecret: secret, previousValidUntil: hadOne ? instantText(untilMs) : undefined }, 201)
}
