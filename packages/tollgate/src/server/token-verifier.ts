/** Short-lived tokens that stand for a key. Signing and checking them needs a library, so both come in as functions. */

export type VerifiedToken =
  | { readonly kind: 'valid'; readonly keyId: string; readonly scopes?: readonly string[]; readonly expiresAtMs: number }
  /** Well signed by us and for this API; only its time is over. */
  | { readonly kind: 'expired'; readonly expiredAtMs: number; readonly keyId?: string }
  /** `why` is for the log, never for the wire. */
  | { readonly kind: 'invalid'; readonly why: string }

export interface TokenVerifier {
  /** Never rejects for what a caller sent. */
  verify(api: string, token: string, nowMs: number): Promise<VerifiedToken>
}

export interface TokenIssuer {
  /** A signed token for the key of this API, valid from now on. */
  issue(api: string, about: { readonly keyId: string; readonly scopes: readonly string[]; readonly expiresInSeconds: number }, nowMs: number): Promise<string>
}
