/** How the call API is asked. By default at most 10.1 seconds pass until an outcome is known: four attempts of 2 seconds, and the pauses between them. */
export interface CallOptions {
  /**
   * What a `Tollgate-Call` has to begin with: `calls.url` of the gateway's configuration. Default: any http address on loopback. A service that
   * strangers can reach past the gateway must not be made to call whatever they name.
   */
  readonly base?: string
  /** How long one attempt may take. Default: 2 seconds. */
  readonly attemptMs?: number
  /** The pauses before further attempts; none: asks once. Default: 100, 400 and 1600 milliseconds. */
  readonly delaysMs?: readonly number[]
  /** Runs the pauses. Default: the system's timers. */
  readonly clock?: { after(delayMs: number, run: () => void): unknown }
}
