/** What the reader function beside a contract has understood of an answer. */
import { toFoundSlots, type Reader, type ReaderAnswer } from './reader.ts'
import type { FoundSlots } from './found-slots.ts'

export interface Irregular {
  readonly found: FoundSlots
  readonly entry: string | undefined
  readonly retryAfterSeconds: number | undefined
}

/** What it throws means "not mine". */
export function readIrregular(reader: Reader, body: unknown, answer: ReaderAnswer): Irregular | undefined {
  try {
    const result = reader(body, answer)
    return result && { found: toFoundSlots(result), entry: result.entry, retryAfterSeconds: toSeconds(result.retryAfterSeconds) }
  } catch {
    return undefined
  }
}

/** A reader's arithmetic may end in anything. */
function toSeconds(value: number | undefined): number | undefined {
  return value !== undefined && value >= 0 && value <= Number.MAX_SAFE_INTEGER ? Math.ceil(value) : undefined
}
