/** Where the page of an entry is in the reference that is made of a contract. Answers link to it, so it is for good. */

/**
 * Below the place of the reference, without a slash in front.
 *
 * @example
 * entryAddress('dailyQuota') // => 'errors/dailyQuota'
 */
export function entryAddress(id: string): string {
  return `errors/${id}`
}

/** The whole address. Undefined where the contract does not say where its reference is. */
export function docsUrlOf(docs: string | undefined, id: string): string | undefined {
  return docs === undefined ? undefined : `${docs.replace(/\/+$/, '')}/${entryAddress(id)}`
}
