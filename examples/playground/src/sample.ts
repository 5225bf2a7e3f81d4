/** A sample: an account in a certain state, as plain data. `seed.ts` makes real rows of it. */
import type { Account, ApiKey } from 'tollgate/directory'

export interface Sample {
  readonly account: Omit<Account, 'api' | 'createdAtMs'>
  readonly keys: readonly SampleKey[]
  /** How much is used already, by meter. Meters of keys and users: for each of the keys. */
  readonly used?: { readonly [meter: string]: number } | undefined
  /** What is put into each balance, as a decimal: `{ credit: '50.00' }`. */
  readonly credits?: { readonly [meter: string]: string }
}

export interface SampleKey extends Pick<ApiKey, 'id' | 'status'>, Partial<Pick<ApiKey, 'userId' | 'scopes' | 'limits' | 'expiresAtMs'>> {
  readonly secret: string
  /** The second half where tokens are issued for key and secret. */
  readonly tokenSecret?: string
}
