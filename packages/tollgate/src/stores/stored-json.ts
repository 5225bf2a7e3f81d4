/** Rows are kept as JSON text, so that what comes back is the same on every store and shares nothing with what was given. */
import { StoreUnavailableError } from '../engine/store-error.ts'

/** We wrote it; what does not parse was damaged since. */
export function parseRow<T>(json: string): T {
  try {
    return JSON.parse(json) as T
  } catch (cause) {
    throw new StoreUnavailableError(`a row of calls, leases or the ledger cannot be read: it is damaged (${json.slice(0, 40)})`, { cause })
  }
}
