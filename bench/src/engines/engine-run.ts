/** What a run found, as it is kept. */

export interface EnginesRun {
  readonly atMs: number
  readonly machine: string
  /** Folder of the databases. */
  readonly dataIn: string
  readonly versions: { readonly [name: string]: string }
  readonly rounds: number
  readonly roundMs: number
  readonly admissions: readonly SituationResult[]
  readonly flat: readonly FlatResult[]
  /** What was not measured, and why. */
  readonly left: readonly string[]
}

/** Who asks: how many at once in all, of how many accounts, through how many processes. */
export interface Situation {
  readonly engine: 'postgres' | 'valkey'
  readonly callers: number
  readonly accounts: number
  readonly processes: number
}

export interface SituationResult extends Situation {
  readonly contenders: readonly ContenderResult[]
}

/** Medians of the rounds. */
export interface ContenderResult {
  readonly name: string
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  /** CPU µs of each admission: of the processes that admit, and of the server. */
  readonly clientMicros: number
  readonly serverMicros: number
  /** So many times as many come through with the first contender: the median of what it was within each round. */
  readonly behind: number
}

/** One database of a size. */
export interface FlatResult {
  readonly engine: 'postgres' | 'sqlite'
  readonly accounts: number
  /** Done calls with idempotency keys. */
  readonly keys: number
  readonly rows: number
  readonly fillSeconds: number
  readonly bytes: number
  readonly operations: { readonly [what: string]: { readonly cpuMicros: number; readonly p50Ms: number } }
  /** Of the process that has the store, after all operations. */
  readonly heapMegabytes: number
  readonly residentMegabytes: number
  /** Of a gateway; undefined where it was not measured. */
  readonly startMs?: number | undefined
  readonly startCpuMs?: number | undefined
  readonly reloadMs?: number | undefined
}
