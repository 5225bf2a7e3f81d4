/**
 * How much of its load a program may spend on retries. When all fails, every retry is load that a server in trouble has beside its own: a budget, shared by
 * all calls of a process to one origin, ends that after a few.
 */

/** Why an attempt failed, as far as it matters for the load that it says the server has. */
export type RetryCause = 'throttled' | 'failed' | 'timeout' | 'network'

/** Asked before each retry that the rules allow, and told how attempts end. What is refused for good (402, 404) says nothing of load, and is not told. */
export interface RetryBudget {
  /** Whether there is enough for one retry; if so, it is taken. */
  mayRetry(cause: RetryCause, nowMs: number): boolean
  /** An attempt succeeded. */
  succeeded(nowMs: number): void
  /** An attempt failed in a way that a repeat could mend. */
  failed(cause: RetryCause, nowMs: number): void
}

/** How a budget fills and what it holds; counts of retries. */
export interface RetryBudgetOptions {
  /** Retries that may be saved up. Default 10. */
  readonly capacity?: number
  /** What there is before the first success. Small: a fleet of fresh processes would have that many times as much. Default 1. */
  readonly start?: number
  /** What a success brings. Default 0.2. */
  readonly perSuccess?: number
}

/**
 * A bucket that begins almost empty and is filled by successes: whoever has not seen the server work yet does not press it.
 *
 * @example
 * const budget = createRetryBudget({ start: 1 })
 * budget.mayRetry('failed', 0) // => true
 * budget.mayRetry('failed', 0) // => false
 */
export function createRetryBudget({ capacity = 10, start = 1, perSuccess = 0.2 }: RetryBudgetOptions = {}): RetryBudget {
  let left = start
  return {
    mayRetry() {
      if (left < 1) return false
      left -= 1
      return true
    },
    succeeded() {
      left = Math.min(capacity, left + perSuccess)
    },
    failed() {},
  }
}

/** More origins than any program calls. The oldest are forgotten. */
const ORIGINS_MAX = 1_000
const SHARED = Symbol.for('tollgate.retry-budgets')

/**
 * The budget of an origin that all clients of the process share, also those of other copies of this library.
 *
 * @example
 * sharedRetryBudget('https://api.example.com') === sharedRetryBudget('https://api.example.com') // => true
 */
export function sharedRetryBudget(origin: string): RetryBudget {
  const home = globalThis as { [SHARED]?: Map<string, RetryBudget> }
  const budgets = (home[SHARED] ??= new Map())
  const found = budgets.get(origin)
  if (found !== undefined) return found
  const [oldest] = budgets.keys()
  if (budgets.size >= ORIGINS_MAX && oldest !== undefined) budgets.delete(oldest)
  const budget = createRetryBudget()
  budgets.set(origin, budget)
  return budget
}
