/** How slowly a body may come; what is left out is the carrier's to say. */
export interface BodyPace {
  /** For all of it. */
  readonly withinMs?: number
  /** On average. */
  readonly bytesPerSecondMin?: number
}
