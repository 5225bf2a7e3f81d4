/** How long a service lets a connection rest before it closes it, learnt from those that rest: the oldest is still open, or was closed. */

/** A service that is not known to let a connection rest for so long is trusted with none: what closes sooner closes whenever it likes. */
const RESTS_MS_MIN = 500

/** So long a service that closed a connection is not believed to leave others open for longer: it may do so always, or was only stopped. */
const CLOSE_COUNTS_MS = 60_000

export class LearntRest {
  /** One was seen to rest so long and stay open. */
  #openMs = 0
  /** One was closed by the service after so long a rest, and when that was. */
  #closedAfterMs = Infinity
  #closedAtMs = 0

  stayedOpen(restedMs: number): void {
    this.#openMs = Math.max(this.#openMs, restedMs)
  }

  wasClosed(restedMs: number, nowMs: number): void {
    this.#closedAfterMs = Math.min(this.#closedAfterMs, restedMs)
    this.#closedAtMs = nowMs
  }

  /** Whether the service has closed one of late. */
  closes(nowMs: number): boolean {
    if (nowMs - this.#closedAtMs > CLOSE_COUNTS_MS) this.#closedAfterMs = Infinity
    return this.#closedAfterMs < Infinity
  }

  /** After so long a rest a close is not to be feared yet; 0: it always is. */
  trustedMs(nowMs: number): number {
    const letsRestMs = this.closes(nowMs) ? Math.min(this.#openMs, this.#closedAfterMs) : this.#openMs
    return letsRestMs < RESTS_MS_MIN ? 0 : letsRestMs / 2
  }
}
