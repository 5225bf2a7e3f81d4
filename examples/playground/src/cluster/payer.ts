/**
 * Callers that pay for coins without a pause, each call under a key of its own, and ask again with the same key until they are told: what a careful client does. Whatever dies meanwhile, each
 * coin must be paid once, and each that was paid for must have been made.
 */
import { randomUUID } from 'node:crypto'

export interface Payer {
  /** Calls that were answered with a coin. */
  paid(): number
  /** Calls that are still to be told. */
  open(): number
  /** Answers other than a coin, by status; 0: none came. */
  refusals(): ReadonlyMap<number, number>
  /** Resolves when all that was begun has been told. */
  stop(): Promise<void>
}

export interface PayerSetup {
  readonly url: string
  readonly secret: string
  readonly callers: number
  /** Between two calls of one caller. */
  readonly pauseMs: number
}

const AGAIN_AFTER_MS = 250
const WITHIN_MS = 5_000

export function startPayer({ url, secret, callers, pauseMs }: PayerSetup): Payer {
  const refusals = new Map<number, number>()
  const stopping = new AbortController()
  let [paid, open] = [0, 0]

  async function statusOf(key: string): Promise<number> {
    try {
      const answer = await fetch(`${url}/coins/v1/coins`, { method: 'POST', headers: { 'x-api-key': secret, 'idempotency-key': key, 'content-type': 'application/json' }, body: '{}', signal: AbortSignal.timeout(WITHIN_MS) })
      await answer.text()
      return answer.status
    } catch {
      return 0
    }
  }

  async function call(): Promise<void> {
    const key = randomUUID()
    open += 1
    for (;;) {
      const status = await statusOf(key)
      if (status === 200) break
      refusals.set(status, (refusals.get(status) ?? 0) + 1)
      await pause(AGAIN_AFTER_MS)
    }
    open -= 1
    paid += 1
  }

  async function loop(): Promise<void> {
    while (!stopping.signal.aborted) {
      await call()
      await pause(pauseMs)
    }
  }

  const running = Promise.all(Array.from({ length: callers }, loop))
  return {
    paid: () => paid,
    open: () => open,
    refusals: () => refusals,
    async stop() {
      stopping.abort()
      await running
    },
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
