/**
 * How much of its load a program may spend on retries, and when a failure says that a retry would make things worse.
 *
 * An allowance shrinks by a factor with each failure and grows by a fixed step with each success: a server that fails now and then is asked again as good as always,
 * one that only fails is asked again a handful of times. What was refused cost the server next to nothing. What timed out may be worked on still, and is load that a repeat
 * doubles: it more than halves the allowance, and is repeated only by a client that has seen the server work within a second before it asked. So the repeats that meet a
 * server in trouble are bounded by its traffic of that second, however many clients it comes from. `docs/overload.md` has what that buys, and its price.
 */

/** Why an attempt failed, as far as it matters for the load that it says the server has. */
export type RetryCause =
  /** Refused by a limit of who called, with the wait that it wants: says nothing of the load. */
  | 'throttled'
  /** Refused, or failed: 500, 502, 503, a 429 that tells no wait. */
  | 'failed'
  /** No answer in time. */
  | 'timeout'
  /** No connection, or it broke. */
  | 'network'

/**
 * Told how attempts end, and asked before each retry that the rules allow; first told, then asked. What is refused for good (402, 404) says nothing of load, and is
 * not told. Times are of one clock, in milliseconds.
 */
export interface RetryBudget {
  /** An attempt succeeded. */
  succeeded(nowMs: number): void
  /** An attempt failed in a way that a repeat could mend. */
  failed(cause: RetryCause, nowMs: number): void
  /** Whether the attempt that has just failed may be repeated. `startedAtMs`: when it was sent. */
  mayRetry(cause: RetryCause, nowMs: number, startedAtMs?: number): boolean
}

/** How generous a budget is. What the defaults reach, and what others would, is in `docs/overload.md`. */
export interface RetryBudgetOptions {
  /** The most that the allowance can be. Default 4: a server that only fails is asked again four times. */
  readonly capacity?: number
  /** What it is before anything is known. Where many processes make a call or two each: 0, and nothing is repeated that has not been earned. Default `capacity`. */
  readonly start?: number
  /** What a success brings. Default 0.3: as long as every repeat succeeds, repeats do not end. */
  readonly perSuccess?: number
  /** How long before a request was sent a success must have been seen, for that request to be repeated when it times out. Default 1,000. */
  readonly evidenceMs?: number
}

/** What a failure leaves of the allowance. */
const keeps = { throttled: 1, failed: 0.7, network: 0.7, timeout: 0.45 } as const satisfies { readonly [cause in RetryCause]: number }

/** Bad news is forgotten as well: in this time an empty allowance is what it was at the start. */
const FORGOTTEN_AFTER_MS = 600_000

/** Sums of 0.3 miss what they mean by less. */
const ROUNDING = 1e-9

/**
 * A budget of its own, for a client that shall not share one.
 *
 * @example
 * const budget = createRetryBudget({ capacity: 1 })
 * budget.failed('failed', 0)
 * budget.mayRetry('failed', 0) // => true
 * budget.failed('failed', 0)
 * budget.mayRetry('failed', 0) // => false
 */
export function createRetryBudget({ capacity = 4, start = capacity, perSuccess = 0.3, evidenceMs = 1_000 }: RetryBudgetOptions = {}): RetryBudget {
  for (const [name, value] of Object.entries({ capacity, start, perSuccess, evidenceMs })) if (!(value >= 0)) throw new TypeError(`createRetryBudget: ${name} is ${value}; it must be a number, 0 or more`)
  let allowance = start
  let knownAtMs: number | undefined
  let succeededAtMs: number | undefined

  /** Upwards only, and no further than the start: a long silence is no evidence. */
  function forget(nowMs: number): void {
    const passedMs = Math.max(0, nowMs - (knownAtMs ?? nowMs))
    allowance = Math.max(allowance, Math.min(start, allowance + (start * passedMs) / FORGOTTEN_AFTER_MS))
    knownAtMs = nowMs
  }

  return {
    succeeded(nowMs) {
      forget(nowMs)
      allowance = Math.min(capacity, allowance + perSuccess)
      succeededAtMs = nowMs
    },
    failed(cause, nowMs) {
      forget(nowMs)
      allowance *= keeps[cause]
    },
    mayRetry(cause, nowMs, startedAtMs = nowMs) {
      if (cause === 'throttled') return true
      // A client that was never answered has nothing to go by: it takes the failure for a single one.
      if (cause === 'timeout' && succeededAtMs !== undefined && succeededAtMs < startedAtMs - evidenceMs) return false
      // It was one retry's worth before this failure took its part.
      return allowance >= keeps[cause] - ROUNDING
    },
  }
}

/** More origins than any program calls. The oldest are forgotten. */
const ORIGINS_MAX = 1_000
const SHARED = Symbol.for('tollgate.retry-budgets')

type Budgets = Map<string, RetryBudget>

/**
 * The budget of an origin that all clients of the process share, also those of other copies of this library. Clients with a `fetch` of their own share it with those who
 * have the same: another one may lead to another server, as in a test.
 *
 * @example
 * sharedRetryBudget('https://api.example.com') === sharedRetryBudget('https://api.example.com') // => true
 */
export function sharedRetryBudget(origin: string, fetch: object = globalThis.fetch): RetryBudget {
  const home = globalThis as { [SHARED]?: WeakMap<object, Budgets> }
  const shared = (home[SHARED] ??= new WeakMap())
  const budgets = shared.get(fetch) ?? new Map<string, RetryBudget>()
  shared.set(fetch, budgets)
  const found = budgets.get(origin)
  if (found !== undefined) return found
  const [oldest] = budgets.keys()
  if (budgets.size >= ORIGINS_MAX && oldest !== undefined) budgets.delete(oldest)
  const budget = createRetryBudget()
  budgets.set(origin, budget)
  return budget
}
