/**
 * Simulated time: what shall happen, in the order of its moments. Between two of them everything that waits for promises runs until it is quiet, so that a program goes the
 * same way on a fast machine and on a busy one.
 */

/** Simulated or real. */
export interface Time {
  nowMs(): number
  /** Runs once, `delayMs` from now; the returned function cancels. */
  after(delayMs: number, run: () => void): () => void
}

export interface Timeline extends Time {
  /** Goes on until `isDone`, or until that moment. */
  run(isDone: () => boolean, untilMs: number): Promise<void>
}

interface Planned {
  readonly atMs: number
  readonly order: number
  readonly run: () => void
  isCancelled: boolean
}

/** As it was before anything was put in its place. */
const nextTurn = setImmediate

/** Turns of the real event loop after each event: streams of Node take two or three. */
const TURNS = 4

export function createTimeline(turns = TURNS): Timeline {
  const heap: Planned[] = []
  let nowMs = 0
  let count = 0

  const isBefore = (a: Planned, b: Planned): boolean => a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order)

  function push(planned: Planned): void {
    let at = heap.length
    heap.push(planned)
    while (at > 0) {
      const above = (at - 1) >> 1
      const parent = heap[above]
      if (parent === undefined || isBefore(parent, planned)) break
      heap[at] = parent
      at = above
    }
    heap[at] = planned
  }

  function pop(): Planned | undefined {
    const first = heap[0]
    const last = heap.pop()
    if (first === undefined || last === undefined || heap.length === 0) return first
    let at = 0
    for (;;) {
      const left = heap[2 * at + 1]
      if (left === undefined) break
      const right = heap[2 * at + 2]
      const goesRight = right !== undefined && isBefore(right, left)
      const least = goesRight ? right : left
      if (isBefore(last, least)) break
      heap[at] = least
      at = 2 * at + (goesRight ? 2 : 1)
    }
    heap[at] = last
    return first
  }

  async function quiet(): Promise<void> {
    for (let turn = 0; turn < turns; turn += 1) await new Promise<void>((resolve) => void nextTurn(resolve))
  }

  return {
    nowMs: () => nowMs,
    after(delayMs, run) {
      count += 1
      const planned: Planned = { atMs: nowMs + Math.max(0, delayMs), order: count, run, isCancelled: false }
      push(planned)
      return () => {
        planned.isCancelled = true
      }
    },
    async run(isDone, untilMs) {
      await quiet()
      while (!isDone()) {
        const next = pop()
        if (next === undefined || next.atMs > untilMs) return
        if (next.isCancelled) continue
        nowMs = next.atMs
        next.run()
        await quiet()
      }
    },
  }
}
