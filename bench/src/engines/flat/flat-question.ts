/** What a process with one database is asked, and says. */
import type { Size } from '../../size/fill.ts'

export interface FlatDatabase extends Size {
  readonly engine: 'postgres' | 'sqlite'
  /** An address, or a file. */
  readonly at: string
}

export type FlatQuestion = { readonly ask: 'names' } | { readonly ask: 'run'; readonly what: string } | { readonly ask: 'memory' } | { readonly ask: 'start' }

export interface FlatAnswer {
  readonly names?: readonly string[]
  readonly cpuMicros?: number
  readonly p50Ms?: number
  readonly times?: number
  readonly heapMegabytes?: number
  readonly residentMegabytes?: number
  readonly startMs?: number
  readonly startCpuMs?: number
  readonly reloadMs?: number
}
