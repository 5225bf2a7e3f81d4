/** What is only counted, by gateways that share their counters: its limits, and what callers and service saw of each count. */

/** Of one account; each exact, as it is declared. */
export const limits = {
  burst: { kind: 'window', limit: 20, windowMs: 2_000 },
  daily: { kind: 'quota', limit: 400 },
  parallel: { kind: 'slot', limit: 3 },
} as const
export type CountedMeter = keyof typeof limits
export const countedMeters = Object.keys(limits) as readonly CountedMeter[]

export interface Counted {
  readonly meter: CountedMeter
  readonly gateway: string
  readonly startMs: number
  readonly endMs: number
  /** `unknown`: it has no answer, or one that the counters were not reached. */
  readonly outcome: 'admitted' | 'refused' | 'unknown'
  /** While the service had it in hand. */
  readonly worked: { readonly fromMs: number; readonly untilMs: number } | undefined
}

/** A time in which what is counted may not be what was counted, with what may be the matter. */
export interface Outage {
  readonly fromMs: number
  readonly untilMs: number
  /**
   * `tail`: the counts of the last moments before it are forgotten. `all`: they begin anew. `local`: gateways count by themselves meanwhile, up to the limit together. `none`: nobody is
   * admitted meanwhile.
   */
  readonly counts: readonly ('tail' | 'all' | 'local' | 'none')[]
}
