/**
 * Short-lived tokens in place of the key: given for key and secret, given anew for a token that is still valid, and the secret changed without a gap.
 *
 *     issueToken    public: `{ api_key, api_secret }` → `{ token, expires_in }`
 *     refreshToken  with a valid token → `{ token, expires_in }`
 *     rotateSecret  with key or token → `{ api_secret, previous_valid_until }`; the secret is shown this once
 */
import type { ApiKey } from '../../directory/account.ts'
import { equalsInConstantTime, mintKey, SECRET_CHARS_MAX } from '../../directory/api-key.ts'
import type { Directory } from '../../directory/directory.ts'
import type { JsonValue } from '../../contract/declare/facts.ts'
import { refuse, type Refusal } from '../../contract/declare/refusal.ts'
import { formatTimestamp } from '../../contract/values/timestamp.ts'
import type { Handled, HandledCall, Handler, Handlers } from './handled-call.ts'
import { refusedAccount, refusedKey } from '../way-in/identify.ts'
import { fieldOf } from '../steps/json-body.ts'
import type { TokenIssuer } from '../way-in/token-verifier.ts'

/** How an API gives tokens. Durations are in the unit that their names say. */
export interface TokenRules {
  /** Default: `defaultTokenTimes`. */
  readonly expiresInSeconds?: number
  /** `as_`: what every secret begins with. */
  readonly secretPrefix: string
  /** How long a replaced secret stays good. Default: `defaultTokenTimes`. */
  readonly overlapMs?: number
}

/** What the handlers of tokens are made from: the rules are for every API that has none of its own. */
export interface TokenHandlersOptions extends TokenRules {
  readonly tokens: TokenIssuer
  readonly directory: Pick<Directory, 'findKey' | 'updateKey' | 'audit'>
  readonly sha256Hex: (text: string) => string
  readonly randomBytes: (count: number) => Uint8Array
  /** Rules by the name of an API. */
  readonly apis?: { readonly [api: string]: TokenRules }
}

/** Three handlers, for three routes: give a token for key and secret, give a new one for a valid one, change the secret. */
export interface TokenHandlers extends Handlers {
  readonly issueToken: Handler
  readonly refreshToken: Handler
  readonly rotateSecret: Handler
}

/** Tokens live an hour, replaced secrets another day. */
export const defaultTokenTimes = { expiresInSeconds: 3_600, overlapMs: 86_400_000 }

/**
 * The handlers by which callers get short-lived tokens in place of their key: a gate takes them as its `handlers`, alone or beside others. Signing is passed in.
 *
 * @example
 * function handlersFor(tokens: TokenIssuer): TokenHandlers {
 *   return createTokenHandlers({ tokens, directory, sha256Hex, randomBytes, secretPrefix: 'rs_', expiresInSeconds: 900 })
 * }
 */
export function createTokenHandlers(options: TokenHandlersOptions): TokenHandlers {
  const { tokens, directory, sha256Hex, randomBytes, apis = {} } = options
  const rulesOf = (api: string): Required<TokenRules> => {
    const { secretPrefix, expiresInSeconds, overlapMs } = (Object.hasOwn(apis, api) ? apis[api] : undefined) ?? options
    return { secretPrefix, expiresInSeconds: expiresInSeconds ?? defaultTokenTimes.expiresInSeconds, overlapMs: overlapMs ?? defaultTokenTimes.overlapMs }
  }

  async function tokenFor({ api, nowMs }: HandledCall, { id }: ApiKey, scopes: readonly string[]): Promise<Handled> {
    const { expiresInSeconds } = rulesOf(api)
    const token = await tokens.issue(api, { keyId: id, scopes, expiresInSeconds }, nowMs)
    return { kind: 'success', status: 200, data: { token, expires_in: expiresInSeconds } }
  }

  return {
    async issueToken(call) {
      const body = await call.readJson()
      if (body.kind === 'refused') return body
      const apiKey = textField(body.value, 'api_key')
      if (typeof apiKey !== 'string') return apiKey
      const secret = textField(body.value, 'api_secret')
      if (typeof secret !== 'string') return secret
      const found = await directory.findKey(call.api, apiKey)
      // One answer for a wrong key and a wrong secret: nobody learns which half was right.
      if (found === undefined || !hasSecret(found.key, sha256Hex(secret.slice(0, SECRET_CHARS_MAX)), call.nowMs)) return invalid('key and secret do not belong together')
      return refusedKey(found.key, call.nowMs) ?? refusedAccount(found.account, call.nowMs) ?? tokenFor(call, found.key, found.key.scopes)
    },

    async refreshToken(call) {
      const { principal } = call
      if (principal?.token === undefined) return invalid('only a token is refreshed; key and secret give a new one')
      if (principal.token.issuer !== undefined) return invalid(`the token is for ${principal.token.issuer} to refresh, which issued it`)
      return tokenFor(call, principal.key, principal.token.scopes ?? principal.key.scopes)
    },

    async rotateSecret(call) {
      const { principal, nowMs } = call
      if (principal === undefined) return invalid('nobody is known')
      const { secretPrefix, overlapMs } = rulesOf(call.api)
      const secret = mintKey({ prefix: secretPrefix, randomBytes })
      const untilMs = nowMs + overlapMs
      const updated = await directory.updateKey(principal.key.id, (key) => withSecret(key, sha256Hex(secret), nowMs, untilMs))
      if (updated === undefined) return invalid('the key is gone')
      await directory.audit('key.rotate-secret', { key: updated.id, account: updated.accountId, by: `request ${call.requestId}` })
      return { kind: 'success', status: 200, data: { api_secret: secret, previous_valid_until: formatTimestamp(untilMs) ?? null } satisfies { [name: string]: JsonValue } }
    },
  }
}

/** Who rotates without end fills no store: of the secrets before the new one only the youngest are kept. */
const SECRETS_BEFORE_MAX = 8

/**
 * The new secret first; those before it end with the overlap, or when they were to end anyway.
 *
 * @example
 * import type { ApiKey } from 'tollgate/directory'
 * const DAY_MS = 86_400_000
 * async function changeSecret(id: string, secret: string): Promise<ApiKey | undefined> {
 *   const nowMs = clock.wallMs()
 *   return directory.updateKey(id, (key) => withSecret(key, sha256Hex(secret), nowMs, nowMs + DAY_MS))
 * }
 */
export function withSecret(key: ApiKey, hash: string, nowMs: number, untilMs: number): ApiKey {
  const before = (key.secretHashes ?? []).filter(({ expiresAtMs = Infinity }) => expiresAtMs > nowMs).slice(0, SECRETS_BEFORE_MAX)
  return { ...key, secretHashes: [{ hash, createdAtMs: nowMs }, ...before.map((old) => ({ ...old, expiresAtMs: Math.min(old.expiresAtMs ?? untilMs, untilMs) }))] }
}

/** Compares with each, so that the time does not tell which one it was. */
function hasSecret({ secretHashes = [] }: ApiKey, hash: string, nowMs: number): boolean {
  return secretHashes.map((each) => equalsInConstantTime(each.hash, hash) && (each.expiresAtMs ?? Infinity) > nowMs).includes(true)
}

function textField(body: unknown, field: string): string | Refusal {
  const value = fieldOf(body, field)
  if (typeof value === 'string' && value !== '') return value
  const isMissing = value === undefined || value === null || value === ''
  return refuse(isMissing ? 'field.missing' : 'field.invalid', { field, rule: isMissing ? 'required' : 'type', issue: isMissing ? 'is required' : 'must be a text' }, { source: 'client' })
}

function invalid(cause: string): Refusal {
  return refuse('credential.invalid', {}, { source: 'client', cause })
}
