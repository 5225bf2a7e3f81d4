/** What a service says to the gateway with its answer: a price, or a refusal. Success it writes by itself. */

/**
 * On an answer: what the work costs, as a decimal of the balance's own unit, never more than is held. Without it a success costs all that is held, a
 * failure nothing.
 */
export const priceHeader = 'Tollgate-Price'

/** As price: the hold stays, and the call is charged or released by its own address (`CallActions`). */
export const later = 'later'

/** The parts of an answer by which a service refuses: `application/problem+json`, which the gateway puts into the words of the contract. */
export interface ProblemAnswer {
  readonly status: number
  readonly headers: { readonly [name: string]: string }
  readonly body: string
}

/** Members of a problem that mean something else (RFC 9457 section 3.1), and those by which the gateway finds the entry: as details they would be lost. */
type Reserved = 'type' | 'status' | 'instance' | 'entry' | 'code' | 'reason'

/** By their names in the contract. `title` and `detail` are for whoever asks past the gateway; without an `issue`, `detail` is that. */
type Details = { readonly [name: string]: unknown } & { readonly [name in Reserved]?: never }

/**
 * Says no by an entry of the API's contract; the gateway finds the words and the shape, and the entry's own status. It costs nothing,
 * unless its route says so or a price is said with it. `status` is what somebody sees who asks the service past the gateway.
 *
 * @example
 * refusal('tooLong', { words: 21, words_max: 20 }, 422).body // => '{"words":21,"words_max":20,"status":422,"entry":"tooLong"}'
 */
export function refusal(entry: string, details: Details = {}, status: number = 400): ProblemAnswer {
  return { status, headers: { 'Content-Type': 'application/problem+json' }, body: JSON.stringify({ ...details, status, entry }) }
}
