/** fetch as it is, and the loops that two API documentations print for it, word for word but for the types. */
import { fetchOnce, throwUnlessOk, type Contender } from '../contender.ts'

export const plainFetch: Contender = {
  name: 'fetch',
  from: undefined,
  note: 'no retries',
  dialect: 'plain',
  async create(world) {
    const once = fetchOnce(world)
    return async (call) => throwUnlessOk(await once(call))
  },
}

async function retryWithBackoff<T>(fn: () => Promise<T>, maxRetries = 3): Promise<T | undefined> {
  for (let attempt = 1; attempt <= maxRetries; attempt++) {
    try {
      return await fn()
    } catch (error) {
      if (attempt === maxRetries) throw error
      // Don't retry on client errors (4xx)
      const { status = 0 } = error as { readonly status?: number }
      if (status >= 400 && status < 500) throw error
      // Exponential backoff
      const delay = Math.pow(2, attempt) * 1000
      await new Promise((resolve) => setTimeout(resolve, delay))
    }
  }
  return undefined
}

export const loopThatThrows: Contender = {
  name: 'loop A',
  from: undefined,
  note: 'the loop of the AI API reference page: three attempts, 2 s and 4 s apart, no 4xx',
  dialect: 'plain',
  async create(world) {
    const once = fetchOnce(world)
    return (call) => retryWithBackoff(async () => throwUnlessOk(await once(call)))
  },
}

async function requestWithRetry(fn: () => Promise<Response>, maxRetries = 5): Promise<Response> {
  for (let attempt = 0; attempt <= maxRetries; attempt++) {
    const response = await fn()
    if (response.ok) return response
    // Only retry on 429 or 5xx
    if (response.status !== 429 && response.status < 500) throw new Error(`Request failed with status ${response.status}`)
    if (attempt < maxRetries) {
      const backoff = Math.min(1000 * 2 ** attempt, 30000)
      const jitter = Math.random() * 1000
      await new Promise((r) => setTimeout(r, backoff + jitter))
    }
  }
  throw new Error('Max retries exceeded')
}

export const loopThatReturns: Contender = {
  name: 'loop B',
  from: undefined,
  note: 'the loop of the LeapERone reference page: six attempts, 1 s and doubling, on 429 and 5xx; it does not catch what fetch throws',
  dialect: 'plain',
  async create(world) {
    const once = fetchOnce(world)
    return async (call) => throwUnlessOk(await requestWithRetry(() => once(call)))
  },
}
