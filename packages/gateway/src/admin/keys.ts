/** Keys of an account: list, create, import, change. A secret is shown once, at its creation; afterwards only its hash exists. */
import { createApiKey, identityOf, mintKey, type Account, type ApiKey } from 'tollgate/admission'
import { withSecret } from 'tollgate/server'
import { z } from 'zod'
import { integer, settings } from '../config/scalars.ts'
import type { AdminGateway } from './admin-gateway.ts'
import { invalid, notFound, readInput, refused, type AdminReply, type AdminRoute } from './admin-route.ts'
import { mintApiSecret, takesTokens } from './api-secret.ts'
import { instant, mergeLimits, shortText } from './fields.ts'
import { faultOfLimits } from './own-limits.ts'
import { showKey } from './shown-key.ts'

const scope = z.string().regex(/^[A-Za-z0-9.:*_-]{1,64}$/, 'must have only letters, digits and . : * _ -')
const keySettings = {
  label: shortText.optional(),
  userId: z.string().regex(/^[A-Za-z0-9._-]{1,64}$/, 'must have only letters, digits, . _ and -').optional(),
  scopes: z.array(scope).max(100).default([]),
  limits: z.record(z.string(), integer(0)).optional(),
  expiresAt: instant.optional(),
}
const newKey = settings({
  ...keySettings,
  /** For APIs that give tokens for key and secret. */
  withSecret: z.boolean().default(false),
})
const importedKey = settings({
  ...keySettings,
  secret: z
    .string()
    .min(16, 'is too short to be a secret; use at least 16 characters')
    .max(512, 'must be at most 512 characters')
    .regex(/^[\x21-\x7e]+$/, 'must have only printable ASCII characters and no space'),
})

/** As a JSON merge patch (RFC 7396): null takes a setting away. */
const keyChange = settings({
  status: z.enum(['active', 'disabled', 'revoked']).optional(),
  label: shortText.nullable().optional(),
  scopes: z.array(scope).max(100).optional(),
  limits: z.record(z.string(), integer(0).nullable()).nullable().optional(),
  expiresAt: instant.nullable().optional(),
})

export const keyRoutes: readonly AdminRoute[] = [
  {
    method: 'GET',
    path: '/v1/accounts/{id}/keys',
    async handle({ params }, { directory }) {
      const account = await directory.account(params['id'] ?? '')
      if (account === undefined) return notFound('account', params['id'] ?? '')
      const keys = await directory.keysOf(account.id)
      return { body: { keys: keys.map(showKey) } }
    },
  },
  {
    method: 'POST',
    path: '/v1/accounts/{id}/keys',
    async handle({ params, body, who }, gateway) {
      const input = readInput(newKey, body)
      if ('refusal' in input) return input
      const prefix = await prefixFor(params['id'] ?? '', gateway)
      if ('refusal' in prefix) return prefix
      const { withSecret: wantsSecret, ...given } = input.value
      if (wantsSecret && !takesTokens(prefix.account.api, gateway)) return invalid('withSecret', `${prefix.account.api} takes no tokens, so that a secret would open nothing; leave it out`)
      const secret = mintKey({ prefix: prefix.prefix, randomBytes: gateway.randomBytes })
      const apiSecret = wantsSecret ? mintApiSecret(prefix.account.api, gateway) : undefined
      return addKey({ ...prefix, secret, apiSecret, settings: given, action: 'key.create', who }, gateway)
    },
  },
  {
    method: 'POST',
    path: '/v1/accounts/{id}/keys/import',
    async handle({ params, body, who }, gateway) {
      const input = readInput(importedKey, body, ['secret'])
      if ('refusal' in input) return input
      const prefix = await prefixFor(params['id'] ?? '', gateway)
      if ('refusal' in prefix) return prefix
      const { secret, ...rest } = input.value
      return addKey({ ...prefix, secret, apiSecret: undefined, settings: rest, action: 'key.import', who }, gateway)
    },
  },
  {
    method: 'GET',
    path: '/v1/keys/{id}',
    async handle({ params }, { directory }) {
      const key = await directory.keyById(params['id'] ?? '')
      return key === undefined ? notFound('key', params['id'] ?? '') : { body: { key: showKey(key) } }
    },
  },
  {
    method: 'PATCH',
    path: '/v1/keys/{id}',
    async handle({ params, body, who }, gateway) {
      const input = readInput(keyChange, body)
      if ('refusal' in input) return input
      const id = params['id'] ?? ''
      const before = await gateway.directory.keyById(id)
      if (before === undefined) return notFound('key', id)
      const fault = faultOfLimits(before.api, changed(before, input.value, 0).limits, gateway)
      if (fault !== undefined) return fault
      if (before.status === 'revoked' && input.value.status !== undefined && input.value.status !== 'revoked') {
        return refused('resource.conflict', { resource: 'key', id, issue: 'a revoked key stays revoked; create another one' })
      }
      const nowMs = gateway.clock.wallMs()
      const after = await gateway.directory.updateKey(id, (key) => changed(key, input.value, nowMs))
      if (after === undefined) return notFound('key', id)
      if (input.value.limits !== undefined) await limitTwins(after, gateway)
      const action = input.value.status === 'revoked' ? 'key.revoke' : input.value.status === 'disabled' ? 'key.disable' : 'key.update'
      await gateway.directory.audit(action, { who, key: id, account: after.accountId, before: showKey(before), after: showKey(after) })
      return { body: { key: showKey(after) } }
    },
  },
]

interface Owner {
  readonly account: Account
  readonly prefix: string
}

/** The account, and what keys of its API begin with. */
export async function prefixFor(accountId: string, { directory, config }: AdminGateway): Promise<Owner | Extract<AdminReply, { refusal: unknown }>> {
  const account = await directory.account(accountId)
  if (account === undefined) return notFound('account', accountId)
  const credentials = config().apis.find(({ name }) => name === account.api)?.credentials
  if (credentials !== undefined) return { account, prefix: credentials.prefix }
  return refused('resource.conflict', { resource: 'account', id: account.id, issue: `its API "${account.api}" takes no keys` })
}

interface NewKey extends Owner {
  readonly secret: string
  /** What belongs to the key where tokens are issued. */
  readonly apiSecret: string | undefined
  readonly settings: Omit<z.output<typeof newKey>, 'withSecret'>
  readonly action: 'key.create' | 'key.import'
  readonly who: string
}

async function addKey({ account, prefix, secret, apiSecret, settings: given, action, who }: NewKey, gateway: AdminGateway): Promise<AdminReply> {
  const { directory, clock, randomBytes, sha256Hex } = gateway
  const nowMs = clock.wallMs()
  const { label, userId, scopes, limits, expiresAt } = given
  const fault = faultOfLimits(account.api, limits, gateway)
  if (fault !== undefined) return fault
  if (!secret.startsWith(prefix)) return invalid('secret', `must begin with ${prefix}, as every key of ${account.api} does`)
  const row = createApiKey({
    id: mintKeyId(randomBytes),
    api: account.api,
    accountId: account.id,
    secret,
    prefix,
    sha256Hex,
    nowMs,
    scopes,
    ...(label !== undefined && { label }),
    ...(userId !== undefined && { userId }),
    ...(limits !== undefined && { limits }),
    ...(expiresAt !== undefined && { expiresAtMs: expiresAt }),
  })
  const key = apiSecret === undefined ? row : withSecret(row, sha256Hex(apiSecret), nowMs, nowMs)
  const { written } = await directory.putKey(key, { expect: 0 })
  if (!written) return refused('resource.conflict', { resource: 'key', issue: 'there is a key with this secret already' })
  await directory.audit(action, { who, key: key.id, account: account.id, after: showKey(key) })
  return { status: 201, body: { key: showKey(key), ...(action === 'key.create' && { secret }), ...(apiSecret !== undefined && { apiSecret }) } }
}

/** The meters are those of the identity; while an old secret is still good, it has the same limits. */
async function limitTwins({ id, accountId, identity, limits }: ApiKey, { directory }: AdminGateway): Promise<void> {
  const twins = (await directory.keysOf(accountId)).filter((key) => key.id !== id && identityOf(key) === (identity ?? id))
  for (const twin of twins) await directory.updateKey(twin.id, (key) => withLimits(key, limits))
}

function withLimits(key: ApiKey, limits: ApiKey['limits']): ApiKey {
  const { limits: before, ...rest } = key
  return before === limits ? key : { ...rest, ...(limits !== undefined && { limits }) }
}

export function mintKeyId(randomBytes: AdminGateway['randomBytes']): string {
  return `key_${Buffer.from(randomBytes(9)).toString('hex')}`
}

function changed(key: ApiKey, change: z.output<typeof keyChange>, nowMs: number): ApiKey {
  const { label, limits, expiresAtMs, ...rest } = key
  const newLabel = change.label === undefined ? label : (change.label ?? undefined)
  const newLimits = mergeLimits(limits, change.limits)
  const newExpiry = change.expiresAt === undefined ? expiresAtMs : (change.expiresAt ?? undefined)
  // Revoked is for good.
  const status = key.status === 'revoked' ? 'revoked' : (change.status ?? key.status)
  return {
    ...rest,
    status,
    ...(change.scopes !== undefined && { scopes: change.scopes }),
    ...(newLabel !== undefined && { label: newLabel }),
    ...(newLimits !== undefined && { limits: newLimits }),
    ...(newExpiry !== undefined && { expiresAtMs: newExpiry }),
    ...(status === 'revoked' && key.status !== 'revoked' && { revokedAtMs: nowMs }),
  }
}
