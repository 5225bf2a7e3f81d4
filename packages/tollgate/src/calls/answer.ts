/** What a service says to the gateway with its answer: a price, or a refusal. Success it writes by itself. */

/**
 * On an answer: what the work costs, as a decimal of the balance's own unit, never more than is held. Without it a success costs all that is held, a
 * failure nothing.
 */
export const priceHeader = 'Tollgate-Price'

/** As price: the hold stays, and the call is charged or released by its own address (`CallActions`). */
export const later = 'later'

export interface ProblemAnswer {
  readonly status: number
  readonly headers: { readonly [name: string]: string }
  readonly body: string
}

/** The details of an entry, by their names in the contract. In a problem `status` is the HTTP status (RFC 9457 section 3.1.2). */
type Details = { readonly [name: string]: unknown } & { readonly status?: never; readonly entry?: never }

/**
 * Says no by an entry of the API's contract; the gateway finds the words and the shape, and the entry's own status. It costs nothing. `status` is
 * what somebody sees who asks the service past the gateway.
 */
export function refusal(entry: string, details: Details = {}, status: number = 400): ProblemAnswer {
  return { status, headers: { 'Content-Type': 'application/problem+json' }, body: JSON.stringify({ ...details, status, entry }) }
}
