/** Whoever has proven to call. */
import type { Account, ApiKey } from '../../directory/account.ts'

/** Whoever has proven to call. */
export interface Principal {
  /** Behind a token of another issuer there is none: then it stands for the caller that the token names, and is written down nowhere. */
  readonly key: ApiKey
  readonly account: Account
  /** Set when a token was presented in place of the key. What both it and the key allow is allowed. `issuer`: it is not of our own making. */
  readonly token?: { readonly scopes?: readonly string[] | undefined; readonly expiresAtMs: number; readonly issuer?: string }
}
