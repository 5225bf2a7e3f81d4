/** What goes to the thread that writes references, and what comes from it: plain data. */
import type { ContractDeclaration } from 'tollgate/contract'

/** A file of a reference, ready to go out. */
export interface ServedFile {
  /** Below the place of the reference. */
  readonly path: string
  readonly body: string
  /** Quoted, as the header has it. */
  readonly etag: string
}

/** One reference. */
export interface DocsOrder {
  readonly declaration: ContractDeclaration
  readonly title: string | undefined
  readonly url: string | undefined
  readonly apiUrl: string | undefined
}
