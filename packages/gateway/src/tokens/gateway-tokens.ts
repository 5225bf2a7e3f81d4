/**
 * Tokens of the gateway's own: JSON Web Tokens (RFC 7519), signed with HS256 and nothing else, for one API and one key.
 *
 *     header  { "alg": "HS256", "typ": "JWT", "kid": … }
 *     claims  { "iss": "tollgate", "aud": API, "sub": key id, "scope": "read write", "iat": …, "exp": … }
 *
 * Both ends are this clock, so `exp` has no leeway. `iat` and `nbf` may lie a minute ahead: after a restart the clock may stand before the instant at
 * which a good token was made.
 */
import { errors, jwtVerify, SignJWT, type JWTPayload, type JWTVerifyGetKey } from 'jose'
import type { TokenIssuer, TokenVerifier, VerifiedToken } from 'tollgate/gate'
import { signingKey, type SigningKeys, type SigningKeysAt } from './signing-keys.ts'

export interface GatewayTokens extends TokenIssuer, TokenVerifier {}

const ALGORITHM = 'HS256'
const TYPE = 'JWT'
const ISSUER = 'tollgate'
/** More is not even parsed. Far above what the scopes of a key need, below what the head of a request may have. */
const TOKEN_CHARS_MAX = 8_192
const AHEAD_SECONDS_MAX = 60

/** Where the keys cannot be read, both reject as the store does: a token that nobody could look at is not a wrong one. */
export function createGatewayTokens(keysAt: SigningKeysAt): GatewayTokens {
  return {
    async issue(api, { keyId, scopes, expiresInSeconds }, nowMs) {
      const { kid, key } = signingKey(await keysAt(nowMs), nowMs)
      const token = await new SignJWT({ scope: scopes.join(' ') })
        .setProtectedHeader({ alg: ALGORITHM, typ: TYPE, kid })
        .setIssuer(ISSUER)
        .setAudience(api)
        .setSubject(keyId)
        .setIssuedAt(Math.floor(nowMs / 1_000))
        // Up, so that it lives no shorter than was said.
        .setExpirationTime(Math.ceil(nowMs / 1_000) + expiresInSeconds)
        .sign(key)
      if (token.length > TOKEN_CHARS_MAX) throw new RangeError(`a token of ${token.length} characters would not be read again; the key ${keyId} has too many scopes`)
      return token
    },

    async verify(api, token, nowMs) {
      if (token.length > TOKEN_CHARS_MAX) return invalid(`it has ${token.length} characters`)
      const keys = await keysAt(nowMs)
      try {
        return toVerified(await claimsOf(api, token, keys, nowMs), nowMs)
      } catch (error) {
        return invalid(error instanceof Error ? error.message : String(error))
      }
    },
  }
}

/** The claims of what we have signed for this API; its time may be over. */
async function claimsOf(api: string, token: string, keys: SigningKeys, nowMs: number): Promise<JWTPayload> {
  const keyOf: JWTVerifyGetKey = ({ kid }) => {
    const found = keys.find((each) => each.kid === kid)
    if (found === undefined) throw new errors.JWSInvalid(kid === undefined ? 'the token names no key' : 'the token names a key that does not exist')
    return found.key
  }
  try {
    const { payload } = await jwtVerify(token, keyOf, {
      algorithms: [ALGORITHM],
      typ: TYPE,
      issuer: ISSUER,
      audience: api,
      requiredClaims: ['sub', 'iat', 'exp', 'scope'],
      currentDate: new Date(nowMs),
      clockTolerance: AHEAD_SECONDS_MAX,
    })
    return payload
  } catch (error) {
    // It looks at the time last, when all else was right.
    if (error instanceof errors.JWTExpired) return error.payload
    throw error
  }
}

function toVerified({ sub, scope, iat = 0, exp = 0 }: JWTPayload, nowMs: number): VerifiedToken {
  if (typeof sub !== 'string' || typeof scope !== 'string') return invalid('its claims are not of the kind that we write')
  if (iat * 1_000 > nowMs + AHEAD_SECONDS_MAX * 1_000) return invalid('it was issued in the future')
  const expiresAtMs = exp * 1_000
  if (expiresAtMs <= nowMs) return { kind: 'expired', expiredAtMs: expiresAtMs, keyId: sub }
  return { kind: 'valid', keyId: sub, scopes: scope.split(' ').filter((name) => name !== ''), expiresAtMs }
}

function invalid(why: string): VerifiedToken {
  return { kind: 'invalid', why }
}
