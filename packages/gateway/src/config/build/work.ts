/** Work that may be laid down for a while: it yields wherever others may have their turn. */
export type Work<T> = Generator<undefined, T, undefined>

/** How long callers may have to wait for it. */
const SLICE_MS = 4

/** In one go, at the start of a program, where nobody waits. */
export function wholly<T>(work: Work<T>): T {
  for (;;) {
    const step = work.next()
    if (step.done === true) return step.value
  }
}

/** In slices: between two of them everything that has come in meanwhile has its turn. */
export async function inSlices<T>(work: Work<T>, nowMs: () => number = () => performance.now()): Promise<T> {
  for (;;) {
    const until = nowMs() + SLICE_MS
    do {
      const step = work.next()
      if (step.done === true) return step.value
    } while (nowMs() < until)
    await new Promise((resolve) => setImmediate(resolve))
  }
}
