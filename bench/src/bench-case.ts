/** What a benchmark is made of: contenders that do the same job, measured in turns, and what is to be read from their figures. */

/** Of one round, or the medians of all. */
export interface Measures {
  readonly perSecond: number
  /** CPU time of the contender's own process, user and system, per operation. */
  readonly cpuMicros?: number
  /** From a request to its answer; of a stream, from the writing of an event to its reading. */
  readonly p50Ms?: number
  readonly p99Ms?: number
  /** Memory that one of what is kept takes: an account, a connection, a stream. */
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
  /** What children run: this build, or that of another revision. */
  readonly childFile: string
}

export interface Contender {
  readonly name: string
  /** Code of this repository: another revision of it can run beside it. */
  readonly isOurs: boolean
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

export function p99Ratio(subject: Measures, peer: Measures): number {
  return (subject.p99Ms ?? Number.NaN) / (peer.p99Ms ?? Number.NaN)
}

export function rateRatio(subject: Measures, peer: Measures): number {
  return subject.perSecond / peer.perSecond
}

export type Goal = NonNullable<Finding['goal']>

/** By CPU time, unless said otherwise: who asks has one core for itself and is busy before the fastest contenders are. */
export function versus(subject: string, peer: string, goal?: Goal, ratioOf = cpuRatio): Finding {
  return {
    title: `${subject} : ${peer}`,
    unit: '×',
    of: [subject, peer],
    value: (one, other) => (one === undefined || other === undefined ? Number.NaN : ratioOf(one, other)),
    better: 'more',
    ...(goal !== undefined && { goal }),
  }
}

/** The same the other way round: what the first takes of the second. */
export function shareOf(what: string, subject: string, peer: string, goal: Goal | undefined, ratioOf: (subject: Measures, peer: Measures) => number): Finding {
  return { ...versus(subject, peer, goal, ratioOf), title: `${what}, ${subject} : ${peer}`, better: 'less' }
}

export const cpuShare = (subject: Measures, peer: Measures): number => cpuRatio(peer, subject)

export function figure(title: string, contender: string, name: keyof Measures, goal?: Goal): Finding {
  const isBytes = name === 'bytes'
  return {
    title,
    unit: isBytes ? 'B' : '/s',
    of: [contender],
    value: (measures) => measures?.[name] ?? Number.NaN,
    better: isBytes ? 'less' : 'more',
    ...(goal !== undefined && { goal }),
  }
}
