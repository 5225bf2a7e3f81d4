/** A sample: an account in a certain state, as plain data. `seed.ts` makes real rows of it. */
import type { Account, ApiKey } from 'tollgate/admission'

export interface Sample {
  readonly account: Omit<Account, 'api' | 'createdAtMs'>
  readonly keys: readonly SampleKey[]
  /** How much is used already, by meter. */
  readonly used?: { readonly [meter: string]: number }
}

export interface SampleKey {
  readonly id: string
  readonly secret: string
  readonly status: ApiKey['status']
  readonly expiresAtMs?: number
}

/** All samples of one API. */
export interface SampleBook {
  readonly api: string
  /** What each of its keys begins with. */
  readonly prefix: string
  readonly samples: readonly Sample[]
}
