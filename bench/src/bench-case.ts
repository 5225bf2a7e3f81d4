/** What a benchmark is made of: contenders that do the same job, measured in turns, and what is to be read from their figures. */

/** Of one round, or the medians of all. */
export interface Measures {
  readonly perSecond: number
  /** CPU time of the contender's own process, user and system, per operation. */
  readonly cpuMicros?: number
  readonly p50Ms?: number
  readonly p99Ms?: number
  /** Heap that one account takes. */
  readonly bytes?: number
}

export interface Running {
  /** Until it runs as fast as it will. */
  warmUp(ms: number): Promise<void>
  measure(ms: number): Promise<Measures>
  stop(): Promise<void>
}

/** Where contenders run. */
export interface Stage {
  readonly upstreamPort: number
  /** Where the children leave a CPU profile when they end. */
  readonly profileDir: string | undefined
}

export interface Contender {
  readonly name: string
  /** Resolves when it runs and has been seen to answer rightly; rejects when it answers wrongly. A string says why it cannot take part. */
  start(stage: Stage): Promise<Running | string>
}

/** A figure that follows from one round's measures; reported as the median over the rounds. */
export interface Finding {
  readonly title: string
  readonly unit: '×' | '/s' | 'B'
  /** The contenders that it is computed from. */
  readonly of: readonly string[]
  value(...measures: readonly Measures[]): number
  readonly better: 'more' | 'less'
  /** What PERFORMANCE goals ask for, if they ask for it. */
  readonly goal?: { readonly floor: number; readonly stretch: number }
}

export interface BenchCase {
  readonly name: string
  readonly title: string
  readonly contenders: readonly Contender[]
  readonly findings: readonly Finding[]
}

/** How many times less CPU the first needs than the second. */
export function cpuRatio(subject: Measures, peer: Measures): number {
  return (peer.cpuMicros ?? Number.NaN) / (subject.cpuMicros ?? Number.NaN)
}

export function rateRatio(subject: Measures, peer: Measures): number {
  return subject.perSecond / peer.perSecond
}
