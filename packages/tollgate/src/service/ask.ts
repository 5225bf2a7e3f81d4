/** One request to the call API, repeated while the gateway cannot be heard. */
import type { CallOptions } from './call-options.ts'

/** It is not so, or nobody knows. A value, since each can be expected to happen. */
export interface Missed {
  /**
   * `ended`: the call or the lease is over, by its deadline or by an earlier word. `unknown`: there is none such. `taken`: the id is that of another
   * call's lease. `unreachable`: the gateway did not answer in time, nobody knows what it heard; ask again later.
   */
  readonly outcome: 'ended' | 'unknown' | 'taken' | 'unreachable'
  readonly detail: string
}

export type Heard = { readonly outcome: 'done'; readonly body: Members } | Missed

interface Members {
  readonly [name: string]: unknown
}

const ATTEMPT_MS = 2_000
const DELAYS_MS = [100, 400, 1_600]

const systemClock: Required<CallOptions>['clock'] = { after: (delayMs, run) => setTimeout(run, delayMs) }

/** Rejects on an answer that only a mistake of the service explains: a request that the gateway does not understand, or an address that is not its own. */
export function createAsk(url: string, { attemptMs = ATTEMPT_MS, delaysMs = DELAYS_MS, clock = systemClock }: CallOptions) {
  async function attempt(action: string, body: object): Promise<Heard> {
    let status: number
    let text: string
    try {
      const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body), redirect: 'manual', signal: AbortSignal.timeout(attemptMs) } as const
      const answer = await fetch(`${url}/${action}`, init)
      status = answer.status
      text = await answer.text()
    } catch (error) {
      return { outcome: 'unreachable', detail: `no answer to ${action}: ${reasonOf(error)}` }
    }
    return toHeard(action, status, membersOf(text))
  }

  return async (action: string, body: object): Promise<Heard> => {
    let heard = await attempt(action, body)
    for (const delayMs of delaysMs) {
      if (heard.outcome !== 'unreachable') break
      await new Promise<void>((resolve) => void clock.after(delayMs, resolve))
      heard = await attempt(action, body)
    }
    return heard
  }
}

function toHeard(action: string, status: number, body: Members): Heard {
  const detail = typeof body['detail'] === 'string' ? body['detail'] : `the gateway answered ${status} to ${action}`
  switch (status) {
    case 200:
      return { outcome: 'done', body }
    case 404:
      return { outcome: 'unknown', detail }
    case 409:
      return { outcome: 'taken', detail }
    case 410:
      return { outcome: 'ended', detail }
    default:
      if (status < 500) throw new Error(`the gateway answered ${status} to ${action}: ${detail}`)
      return { outcome: 'unreachable', detail }
  }
}

function membersOf(text: string): Members {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}

/** What fetch says is that it failed; the cause says why. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error
  return cause instanceof Error ? cause.message : String(cause)
}
