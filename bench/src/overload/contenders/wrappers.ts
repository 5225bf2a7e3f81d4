/** Libraries that repeat any function: here a fetch that throws unless the answer is ok, as their documentation shows. */
import { fetchOnce, peer, throwUnlessOk, type Contender } from '../contender.ts'

interface PRetry {
  readonly default: (run: () => Promise<unknown>, options: object) => Promise<unknown>
  readonly AbortError: new (message: string) => Error
}

export const pRetry: Contender = {
  name: 'p-retry',
  from: 'p-retry',
  note: 'as in its readme, which stops at 404 alone',
  dialect: 'plain',
  async create(world) {
    const { default: retry, AbortError } = await peer<PRetry>('p-retry')
    const once = fetchOnce(world)
    return (call) =>
      retry(
        async () => {
          const response = await once(call)
          if (response.status === 404) throw new AbortError('not found')
          return throwUnlessOk(response)
        },
        { signal: call.signal },
      )
  },
}

interface Policy {
  execute(run: () => Promise<unknown>, signal?: AbortSignal): Promise<unknown>
}

interface Cockatiel {
  readonly handleAll: unknown
  readonly retry: (handled: unknown, options: object) => Policy
  readonly circuitBreaker: (handled: unknown, options: object) => Policy
  readonly wrap: (...policies: Policy[]) => Policy
  readonly ExponentialBackoff: new () => unknown
  readonly ConsecutiveBreaker: new (failures: number) => unknown
}

const cockatielWith = (name: string, note: string, hasBreaker: boolean): Contender => ({
  name,
  from: 'cockatiel',
  note,
  dialect: 'plain',
  async create(world) {
    const { retry, handleAll, ExponentialBackoff, circuitBreaker, ConsecutiveBreaker, wrap } = await peer<Cockatiel>('cockatiel')
    const retrying = retry(handleAll, { maxAttempts: 3, backoff: new ExponentialBackoff() })
    const policy = hasBreaker ? wrap(retrying, circuitBreaker(handleAll, { halfOpenAfter: 10_000, breaker: new ConsecutiveBreaker(5) })) : retrying
    const once = fetchOnce(world)
    return (call) => policy.execute(async () => throwUnlessOk(await once(call)), call.signal)
  },
})

export const cockatiel = cockatielWith('cockatiel', 'retry with exponential backoff, three times, as its readme begins', false)
export const cockatielBreaker = cockatielWith('cockatiel + breaker', 'the same in the circuit breaker that its readme shows', true)
