/**
 * Short-lived tokens: those of our own stand for a key, those of an identity provider for an account. Signing and checking them needs a library, so
 * both come in as functions.
 */

/** What a token of another issuer says, once it is known to be that issuer's, for this API, and in its time. */
export interface ForeignClaims {
  readonly issuer: string
  /** One id for each caller of each issuer. It stands where a key's id would: in meters per key, in the log, in what the service hears. */
  readonly keyId: string
  readonly accountId: string
  readonly userId?: string | undefined
  readonly scopes: readonly string[]
  /** Counts for this call in place of the account's own plan. */
  readonly plan?: string | undefined
  readonly expiresAtMs: number
  /** An account that nobody knows is created so. Undefined: it is refused. */
  readonly newAccount?: { readonly name: string; readonly plan: string } | undefined
}

/** What a token is worth. */
export type VerifiedToken =
  | { readonly kind: 'valid'; readonly keyId: string; readonly scopes?: readonly string[]; readonly expiresAtMs: number }
  | { readonly kind: 'foreign'; readonly claims: ForeignClaims }
  /** Well signed, by us or by an issuer that is trusted, and for this API; only its time is over. */
  | { readonly kind: 'expired'; readonly expiredAtMs: number; readonly keyId?: string }
  /** `why` is for the log, never for the wire. */
  | { readonly kind: 'invalid'; readonly why: string }
  /** It cannot be told: the keys of its issuer are not to be had. The caller is not at fault. */
  | { readonly kind: 'unavailable'; readonly why: string }

/** Checks tokens; needs a library for signatures, and so is passed in. */
export interface TokenVerifier {
  /** Never rejects for what a caller sent. */
  verify(api: string, token: string, nowMs: number): Promise<VerifiedToken>
}

/** Signs tokens; needs a library for signatures, and so is passed in. */
export interface TokenIssuer {
  /** A signed token for the key of this API, valid from now on. */
  issue(api: string, about: { readonly keyId: string; readonly scopes: readonly string[]; readonly expiresInSeconds: number }, nowMs: number): Promise<string>
}
