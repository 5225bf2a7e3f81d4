/**
 * What tells a supervisor or a load balancer how the gateway is. `/healthz`: the process answers. `/readyz`: it takes calls; not while it starts, not once it
 * has been told to stop, and not while its store cannot write, since nobody would be admitted, or once it is found to be damaged.
 */
import type { Answer } from 'tollgate/contract'

/** Where it is asked. */
export const healthPaths = { live: '/healthz', ready: '/readyz' } as const

/** How soon to ask again, seconds. */
const RETRY_AFTER = '1'

export interface Health {
  /** Undefined when it takes calls. */
  unready(): string | undefined
  started(): void
  stopping(): void
  /** Undefined where the path is none of the two. */
  answerTo(method: string, path: string): Answer | undefined
}

/** `storeFault`: why the store cannot write, or is not to be trusted; undefined while all is well. */
export function createHealth(storeFault: () => string | undefined): Health {
  let phase: 'starting' | 'running' | 'stopping' = 'starting'

  const unready = (): string | undefined => (phase === 'running' ? storeFault() : phase)

  function ready(): Answer {
    const because = unready()
    return because === undefined ? answer(200, { status: 'ready' }) : answer(503, { status: 'not ready', because }, ['Retry-After', RETRY_AFTER])
  }

  return {
    unready,
    started: () => void (phase = 'running'),
    stopping: () => void (phase = 'stopping'),
    answerTo(method, path) {
      if (path !== healthPaths.live && path !== healthPaths.ready) return undefined
      if (method !== 'GET' && method !== 'HEAD') return answer(405, { status: 'method not allowed' }, ['Allow', 'GET, HEAD'])
      return path === healthPaths.live ? answer(200, { status: 'ok' }) : ready()
    },
  }
}

function answer(status: number, body: unknown, headers: readonly string[] = []): Answer {
  return { status, headers: ['Content-Type', 'application/json', 'Cache-Control', 'no-store', ...headers], body: `${JSON.stringify(body)}\n` }
}
