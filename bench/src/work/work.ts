/** Something done over and over inside one process. */
export interface Work {
  /** Rejects when what is to be measured does not give the right result. Called once, before any batch. */
  check(): Promise<void>
  /** Does some, and says how many operations it did. */
  batch(): Promise<number>
  /** Heap that one account takes; known after the first batch. */
  bytes?(): number
  close?(): Promise<void>
}

export type CreateWork = () => Promise<Work>

export async function measureWork(work: Work, ms: number, cpuMicros: () => number): Promise<{ perSecond: number; cpuMicros: number; bytes?: number }> {
  const cpuBefore = cpuMicros()
  const startedMs = performance.now()
  let operations = 0
  let spentMs = 0
  while (spentMs < ms) {
    operations += await work.batch()
    spentMs = performance.now() - startedMs
  }
  const bytes = work.bytes?.()
  return { perSecond: (operations * 1_000) / spentMs, cpuMicros: (cpuMicros() - cpuBefore) / operations, ...(bytes !== undefined && { bytes }) }
}

/** A fixed order that visits all of `count` subjects and never a neighbour next. */
export function createVisits(count: number): () => number {
  const step = Math.floor(count * 0.618) | 1
  let at = 0
  return () => (at = (at + step) % count)
}
