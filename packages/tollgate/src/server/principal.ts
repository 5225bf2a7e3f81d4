/** Whoever has proven to call. */
import type { Account, ApiKey } from '../admission/account.ts'

export interface Principal {
  readonly key: ApiKey
  readonly account: Account
  /** Set when a token was presented in place of the key. What both it and the key allow is allowed. */
  readonly token?: { readonly scopes?: readonly string[]; readonly expiresAtMs: number }
}
