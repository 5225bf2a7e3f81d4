/** What the listener bears. */
export interface FrontLimits {
  /** Of a request's head: its line and headers. */
  readonly headBytesMax: number
  readonly headersMax: number
  readonly targetBytesMax: number
  /** For a request's head to arrive. */
  readonly headMs: number
  /** Between two chunks of a request's body. */
  readonly bodyIdleMs: number
  /** For all of it to arrive, and how many bytes a second must do so on average (0: any), where the API says nothing else. */
  readonly bodyMs: number
  readonly bodyBytesPerSecondMin: number
  /** How long a caller may refuse to read before it counts as gone. */
  readonly stallMs: number
  /** How long an answer that must be heard to its end may go on when its caller is gone: longer than any work, and not for ever. */
  readonly aloneMs: number
  /** How long a connection without a request is kept. Longer than that of load balancers in front, which must be the first to close. */
  readonly keepAliveMs: number
}

export const defaultLimits: FrontLimits = {
  headBytesMax: 16_384,
  headersMax: 200,
  targetBytesMax: 8_192,
  headMs: 30_000,
  bodyIdleMs: 30_000,
  bodyMs: 600_000,
  bodyBytesPerSecondMin: 500,
  stallMs: 60_000,
  aloneMs: 900_000,
  keepAliveMs: 75_000,
}
