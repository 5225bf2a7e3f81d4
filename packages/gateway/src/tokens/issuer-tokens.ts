/**
 * Tokens of identity providers: signed JSON Web Tokens (RFC 7519, RFC 9068) that an API of ours takes because its operator trusts their issuer.
 *
 * Which issuer is asked is read from the token before anything is verified; from there on only what that issuer's own keys have signed is believed, with
 * the algorithms that are meant for public keys. A secret that is a public key in disguise, and `none`, are no algorithms here.
 */
import { createLocalJWKSet, decodeJwt, errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose'
import { valueAt } from 'tollgate/contract'
import type { ForeignClaims, TokenVerifier, VerifiedToken } from 'tollgate/gate'
import { sha256Hex } from '../platform/secrets.ts'
import type { ClaimPath, IssuerOptions } from './issuer-options.ts'
import { createRemoteKeySet, KeysUnavailableError, type KeySetSetup } from './key-set.ts'

/** More is not even parsed: the head of a request is not larger. */
const TOKEN_CHARS_MAX = 16_384
const CLAIM_CHARS_MAX = 512

/** What an account may be called. Another claim (`auth0|7f…`) stands for an account under its hash. */
const ACCOUNT_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/

/** RFC 6749 section 3.3. */
const SCOPE = /^[!#-[\]-~]{1,128}$/

/** What stands for itself in a header; anything else is escaped, the escape's own sign too. */
const PLAIN = /^[!-$&-~]{1,128}$/

interface Issuer {
  readonly options: IssuerOptions
  readonly keyOf: JWTVerifyGetKey
}

/** Makes verifiers, one for each configuration; the keys of a provider are kept from one to the next. */
export function createIssuerTokens(setup: KeySetSetup) {
  const remotes = new Map<string, JWTVerifyGetKey>()

  function keysOf({ keys }: IssuerOptions): JWTVerifyGetKey {
    if (keys.kind === 'file') return createLocalJWKSet(keys.keys)
    const known = remotes.get(keys.url) ?? createRemoteKeySet(keys.url, setup)
    remotes.set(keys.url, known)
    return known
  }

  /** `own` verifies every token that is of none of these issuers. Throws where a set of keys is none. */
  return function verifierFor(issuersByApi: { readonly [api: string]: readonly IssuerOptions[] }, own: TokenVerifier): TokenVerifier {
    const byApi = new Map(
      Object.entries(issuersByApi).map(([api, issuers]) => [api, new Map(issuers.map((options): [string, Issuer] => [options.issuer, { options, keyOf: keysOf(options) }]))]),
    )
    return {
      async verify(api, token, nowMs) {
        const issuers = byApi.get(api)
        if (issuers === undefined || issuers.size === 0) return own.verify(api, token, nowMs)
        if (token.length > TOKEN_CHARS_MAX) return invalid(`it has ${token.length} characters`)
        const issuer = issuers.get(issuerOf(token) ?? '')
        return issuer === undefined ? own.verify(api, token, nowMs) : verify(issuer, token, nowMs)
      },
    }
  }
}

/** Not verified: only to know whose keys to ask. */
function issuerOf(token: string): string | undefined {
  try {
    return decodeJwt(token).iss
  } catch {
    return undefined
  }
}

async function verify({ options, keyOf }: Issuer, token: string, nowMs: number): Promise<VerifiedToken> {
  const { issuer, audiences, algorithms, skewSeconds } = options
  try {
    const { payload } = await jwtVerify(token, keyOf, {
      algorithms: [...algorithms],
      issuer,
      audience: [...audiences],
      requiredClaims: ['sub', 'exp'],
      currentDate: new Date(nowMs),
      clockTolerance: skewSeconds,
    })
    if (payload.iat !== undefined && payload.iat * 1_000 > nowMs + skewSeconds * 1_000) return invalid(`${issuer} issued it in the future`)
    return toForeign(options, payload)
  } catch (error) {
    if (error instanceof KeysUnavailableError) return { kind: 'unavailable', why: error.message }
    // It looks at the time last, when all else was right.
    if (error instanceof errors.JWTExpired && error.claim === 'exp' && typeof error.payload.exp === 'number') return { kind: 'expired', expiredAtMs: error.payload.exp * 1_000 }
    return invalid(`a token of ${issuer}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function toForeign({ issuer, claims, accountPrefix, newAccounts }: IssuerOptions, payload: JWTPayload): VerifiedToken {
  const { sub = '', exp = 0 } = payload
  const account = textAt(payload, claims.account)
  if (account === undefined) return invalid(`a token of ${issuer}: its claim ${shown(claims.account)} names no account`)
  const scopes = scopesAt(payload, claims.scopes)
  if (scopes === undefined) return invalid(`a token of ${issuer}: its claim ${shown(claims.scopes)} is neither a text nor a list of texts`)
  const user = textAt(payload, claims.user)
  const plan = claims.plan && textAt(payload, claims.plan)
  const foreign: ForeignClaims = {
    issuer,
    keyId: keyIdOf(issuer, sub),
    accountId: accountIdOf(accountPrefix, account),
    scopes,
    expiresAtMs: exp * 1_000,
    userId: user && idOf(user),
    plan,
    newAccount: newAccounts && { name: account, plan: plan ?? newAccounts.plan },
  }
  return { kind: 'foreign', claims: foreign }
}

/** A text of some length, or a whole number, which some providers use for ids. */
function textAt(payload: JWTPayload, path: ClaimPath): string | undefined {
  const value = valueAt(payload, path)
  if (Number.isSafeInteger(value)) return String(value)
  return typeof value === 'string' && value !== '' && value.length <= CLAIM_CHARS_MAX ? value : undefined
}

/** Words in one text (RFC 9068 section 2.2.3), or a list of them. Absent: none. */
function scopesAt(payload: JWTPayload, path: ClaimPath): readonly string[] | undefined {
  const value = valueAt(payload, path)
  if (value === undefined || value === null) return []
  const scopes: unknown = typeof value === 'string' ? value.split(' ') : value
  // What is no scope in the sense of RFC 6749 section 3.3 stands in no route, and could not be told to a service.
  return Array.isArray(scopes) && scopes.every((scope) => typeof scope === 'string') ? scopes.filter((scope) => SCOPE.test(scope)) : undefined
}

function accountIdOf(prefix: string, claim: string): string {
  const id = prefix + claim
  return ACCOUNT_ID.test(id) ? id : `${prefix}jwt-${sha256Hex(claim).slice(0, 40)}`
}

/** What a header can carry, and no two callers share. */
function keyIdOf(issuer: string, sub: string): string {
  return `jwt_${sha256Hex(issuer).slice(0, 8)}_${idOf(sub)}`
}

/** Throws for half of a surrogate pair, which no text has. */
function idOf(text: string): string {
  if (PLAIN.test(text)) return text
  const escaped = encodeURIComponent(text)
  return escaped.length <= 128 ? escaped : sha256Hex(text)
}

function shown(path: ClaimPath): string {
  return path.join('.')
}

function invalid(why: string): VerifiedToken {
  return { kind: 'invalid', why }
}
