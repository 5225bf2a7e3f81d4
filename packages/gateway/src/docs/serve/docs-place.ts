import type { Contract } from 'tollgate/contract'

/** The reference of one API, as a configuration asks for it. */
export interface DocsPlace {
  readonly api: string
  /** The whole path, without a slash at its end. */
  readonly at: string
  readonly contract: Contract
  readonly title: string | undefined
  /** Where callers find it. Undefined: what the contract says in `docs`. */
  readonly url: string | undefined
  readonly apiUrl: string | undefined
}
