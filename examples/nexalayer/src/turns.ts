/** One after the other: what is done to one session never overlaps, so each step sees the state that the step before it left. */
export interface Turns {
  <T>(name: string, work: () => Promise<T>): Promise<T>
}

export function createTurns(): Turns {
  const tails = new Map<string, Promise<unknown>>()
  return async (name, work) => {
    const mine = (tails.get(name) ?? Promise.resolve()).then(work)
    const tail = mine.catch(() => {})
    tails.set(name, tail)
    try {
      return await mine
    } finally {
      if (tails.get(name) === tail) tails.delete(name)
    }
  }
}
