/** Keys of an account: list, create, import, change. A secret is shown once, at its creation; afterwards only its hash exists. */
import { compact } from 'tollgate/contract'
import { createApiKey, identityOf, mintKey, type Account, type ApiKey } from 'tollgate/directory'
import { withSecret } from 'tollgate/gate'
import { z } from 'zod'
import { settings } from '../config/read/scalars.ts'
import type { AdminGateway } from './admin-gateway.ts'
import { mintApiSecret, takesTokens } from './api-secret.ts'
import { accountParams, keyParams, shortText, until, untilMs } from './fields.ts'
import { operation } from './operation.ts'
import { limitsChange, mergeLimits, ownLimits, readLimits, type LimitsChange } from './own-limits.ts'
import { done, invalid, notFound, refused, type OrRefused } from './reply.ts'
import { keyStatus, showKey, shownKey } from './shown-key.ts'

const scope = z.string().regex(/^[A-Za-z0-9.:*_-]{1,64}$/, 'must have only letters, digits and . : * _ -')
const scopes = z.array(scope).max(100)
const keySettings = {
  label: shortText.optional().describe('what to remember it by'),
  userId: z.string().regex(/^[A-Za-z0-9._-]{1,64}$/, 'must have only letters, digits, . _ and -').optional().describe('the user within the account'),
  scopes: scopes.default([]).describe('what it may do'),
  limits: ownLimits.optional(),
  expiresAt: until.optional().describe('when it ends'),
}
const newKey = settings({ ...keySettings, withSecret: z.boolean().default(false).describe('with a second secret, to exchange both for tokens where the API gives them') })
const importedKey = settings({
  ...keySettings,
  secret: z
    .string()
    .min(16, 'is too short to be a secret; use at least 16 characters')
    .max(512, 'must be at most 512 characters')
    .regex(/^[\x21-\x7e]+$/, 'must have only printable ASCII characters and no space')
    .describe('the key as its callers have it'),
})

/** As a JSON merge patch (RFC 7396): null takes a setting away. */
const keyChange = settings({
  status: keyStatus.optional().describe('a revoked key stays revoked'),
  label: shortText.nullable().optional().describe('what to remember it by'),
  scopes: scopes.optional().describe('what it may do'),
  limits: limitsChange,
  expiresAt: until.nullable().optional().describe('when it ends; null: never'),
})

const one = z.object({ key: shownKey.describe('as it is now') })

export const keyOperations = [
  operation({
    name: 'keys.list',
    method: 'GET',
    path: '/v1/accounts/{id}/keys',
    words: 'the keys of an account',
    may: 'read',
    input: { params: accountParams },
    output: z.object({ keys: z.array(shownKey).describe('those that are over too') }),
    async handle({ params }, { directory }) {
      const account = await directory.account(params.id)
      if (account === undefined) return notFound('account', params.id)
      const keys = await directory.keysOf(account.id)
      return done({ keys: keys.map(showKey) })
    },
  }),
  operation({
    name: 'keys.create',
    method: 'POST',
    path: '/v1/accounts/{id}/keys',
    words: 'create a key; its secret is shown once, now',
    may: 'write',
    input: { params: accountParams, body: newKey },
    output: one.extend({
      secret: z.string().describe('the key, which is shown only now'),
      apiSecret: z.string().optional().describe('the secret beside it, which is shown only now'),
    }),
    async handle({ params, body: { withSecret: wantsSecret, ...given }, who }, gateway) {
      const owner = await ownerOf(params.id, gateway)
      if (!owner.ok) return owner
      const { account, prefix } = owner.value
      if (wantsSecret && !takesTokens(account.api, gateway)) return invalid('withSecret', `${account.api} takes no tokens, so that a secret would open nothing; leave it out`)
      const secret = mintKey({ prefix, randomBytes: gateway.randomBytes })
      const apiSecret = wantsSecret ? mintApiSecret(account.api, gateway) : undefined
      const added = await addKey({ account, prefix, secret, apiSecret, given, action: 'key.create', who }, gateway)
      return added.ok ? done({ key: showKey(added.value), secret, apiSecret }, 201) : added
    },
  }),
  operation({
    name: 'keys.import',
    method: 'POST',
    path: '/v1/accounts/{id}/keys/import',
    words: 'take over a key that callers have already',
    may: 'write',
    input: { params: accountParams, body: importedKey },
    secrets: ['secret'],
    output: one,
    async handle({ params, body: { secret, ...given }, who }, gateway) {
      const owner = await ownerOf(params.id, gateway)
      if (!owner.ok) return owner
      const added = await addKey({ ...owner.value, secret, apiSecret: undefined, given, action: 'key.import', who }, gateway)
      return added.ok ? done({ key: showKey(added.value) }, 201) : added
    },
  }),
  operation({
    name: 'keys.show',
    method: 'GET',
    path: '/v1/keys/{id}',
    words: 'one key',
    may: 'read',
    input: { params: keyParams },
    output: one,
    async handle({ params }, { directory }) {
      const key = await directory.keyById(params.id)
      return key === undefined ? notFound('key', params.id) : done({ key: showKey(key) })
    },
  }),
  operation({
    name: 'keys.update',
    method: 'PATCH',
    path: '/v1/keys/{id}',
    words: 'change, disable, enable or revoke a key, by a merge patch (RFC 7396): what is null is taken away',
    may: 'write',
    input: { params: keyParams, body: keyChange },
    output: one,
    async handle({ params: { id }, body, who }, gateway) {
      const nowMs = gateway.clock.wallMs()
      const before = await gateway.directory.keyById(id)
      if (before === undefined) return notFound('key', id)
      const limits = readLimits(body.limits, 'key', before.api, gateway)
      if (!limits.ok) return limits
      if (before.status === 'revoked' && body.status !== undefined && body.status !== 'revoked') {
        return refused('resource.conflict', { resource: 'key', id, issue: 'a revoked key stays revoked; create another one' })
      }
      const after = await gateway.directory.updateKey(id, (key) => changed(key, { ...body, limits: limits.value }, nowMs))
      if (after === undefined) return notFound('key', id)
      if (body.limits !== undefined) await limitTwins(after, gateway)
      const action = body.status === 'revoked' ? 'key.revoke' : body.status === 'disabled' ? 'key.disable' : 'key.update'
      await gateway.directory.audit(action, { who, key: id, account: after.accountId, before: showKey(before), after: showKey(after) })
      return done({ key: showKey(after) })
    },
  }),
] as const

interface Owner {
  readonly account: Account
  /** What keys of its API begin with. */
  readonly prefix: string
}

export async function ownerOf(accountId: string, { directory, config }: AdminGateway): Promise<OrRefused<Owner>> {
  const account = await directory.account(accountId)
  if (account === undefined) return notFound('account', accountId)
  const credentials = config().apis.find(({ name }) => name === account.api)?.credentials
  if (credentials !== undefined) return { ok: true, value: { account, prefix: credentials.prefix } }
  return refused('resource.conflict', { resource: 'account', id: account.id, issue: `its API "${account.api}" takes no keys` })
}

interface NewKey extends Owner {
  readonly secret: string
  /** What belongs to the key where tokens are issued. */
  readonly apiSecret: string | undefined
  readonly given: Omit<z.output<typeof newKey>, 'withSecret'>
  readonly action: 'key.create' | 'key.import'
  readonly who: string
}

async function addKey({ account, prefix, secret, apiSecret, given, action, who }: NewKey, gateway: AdminGateway): Promise<OrRefused<ApiKey>> {
  const { directory, clock, randomBytes, sha256Hex } = gateway
  const nowMs = clock.wallMs()
  const { expiresAt, ...set } = given
  const limits = readLimits(set.limits, 'key', account.api, gateway)
  if (!limits.ok) return limits
  if (!secret.startsWith(prefix)) return invalid('secret', `must begin with ${prefix}, as every key of ${account.api} does`)
  const row = createApiKey(
    compact({ ...set, limits: mergeLimits(undefined, limits.value), id: mintKeyId(randomBytes), api: account.api, accountId: account.id, secret, prefix, sha256Hex, nowMs, expiresAtMs: expiresAt && untilMs(expiresAt, nowMs) }),
  )
  const key = apiSecret === undefined ? row : withSecret(row, sha256Hex(apiSecret), nowMs, nowMs)
  const { written } = await directory.putKey(key, { expect: 0 })
  if (!written) return refused('resource.conflict', { resource: 'key', issue: 'there is a key with this secret already' })
  await directory.audit(action, { who, key: key.id, account: account.id, after: showKey(key) })
  return { ok: true, value: key }
}

/** The meters are those of the identity; while an old secret is still good, it has the same limits. */
async function limitTwins({ id, accountId, identity, limits }: ApiKey, { directory }: AdminGateway): Promise<void> {
  const twins = (await directory.keysOf(accountId)).filter((key) => key.id !== id && identityOf(key) === (identity ?? id))
  for (const twin of twins) await directory.updateKey(twin.id, (key) => (key.limits === limits ? key : compact({ ...key, limits })))
}

export function mintKeyId(randomBytes: AdminGateway['randomBytes']): string {
  return `key_${Buffer.from(randomBytes(9)).toString('hex')}`
}

function changed(key: ApiKey, change: Omit<z.output<typeof keyChange>, 'limits'> & { readonly limits: LimitsChange }, nowMs: number): ApiKey {
  const { label, expiresAt } = change
  // Revoked is for good.
  const status = key.status === 'revoked' ? 'revoked' : (change.status ?? key.status)
  return compact({
    ...key,
    status,
    scopes: change.scopes ?? key.scopes,
    label: label === undefined ? key.label : (label ?? undefined),
    limits: mergeLimits(key.limits, change.limits),
    expiresAtMs: expiresAt === undefined ? key.expiresAtMs : expiresAt === null ? undefined : untilMs(expiresAt, nowMs),
    revokedAtMs: status === 'revoked' && key.status !== 'revoked' ? nowMs : key.revokedAtMs,
  })
}
