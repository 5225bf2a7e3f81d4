/** An identity provider that an API trusts, and which of its claims says what. */
import type { JSONWebKeySet } from 'jose'

/** The names that lead to a claim: one for a claim at the top, more for one within others. */
export type ClaimPath = readonly string[]

export type IssuerKeys =
  /** Asked for when it is needed, then kept. */
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'file'; readonly keys: JSONWebKeySet }

export interface IssuerOptions {
  /** The `iss` of its tokens, letter by letter. */
  readonly issuer: string
  readonly keys: IssuerKeys
  /** One of them must be in `aud`. */
  readonly audiences: readonly string[]
  /** What its tokens may be signed with; public-key algorithms only (RFC 7518 section 3.1, RFC 8037). */
  readonly algorithms: readonly string[]
  readonly claims: { readonly account: ClaimPath; readonly user: ClaimPath; readonly scopes: ClaimPath; readonly plan?: ClaimPath }
  /** Stands before the claim in the id of the account, so that the issuer speaks for no other. */
  readonly accountPrefix: string
  /** How far its clock may be from ours. */
  readonly skewSeconds: number
  /** Undefined: a token for an account that nobody knows is refused. */
  readonly newAccounts: { readonly plan: string } | undefined
}
