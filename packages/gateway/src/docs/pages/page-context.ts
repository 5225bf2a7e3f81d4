/** What pages are told beside the contract. */
export interface PageContext {
  /** The base address of the API in its examples, without a final slash. */
  readonly apiUrl: string
}

/** Where nobody says it: a name that is kept for examples (RFC 2606). */
export const EXAMPLE_API_URL = 'https://api.example.com/v1'
