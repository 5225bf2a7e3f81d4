/**
 * What tells a supervisor or a load balancer how the gateway is. `/healthz`: the process answers. `/readyz`: it takes calls; not while it starts, not once it
 * has been told to stop, and not while its store cannot write or does not answer, since nobody would be admitted, or once it is found to be damaged. Of engines on other
 * machines it tells which answer: one that only counts may be away, and calls go on as `onStoreFailure` says.
 */
import type { Answer } from 'tollgate/contract'
import type { EngineState } from './engine-state.ts'

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

/** `storeFault`: why the store cannot write, or is not to be trusted; undefined while all is well. `engines`: those that are asked over a network. */
export function createHealth(storeFault: () => string | undefined, engines: () => readonly EngineState[] = () => []): Health {
  let phase: 'starting' | 'running' | 'stopping' = 'starting'

  const unready = (): string | undefined => (phase === 'running' ? (storeFault() ?? awayFault(engines())) : phase)

  function ready(): Answer {
    const because = unready()
    const states = engines().map(({ engine, isUp }) => [engine, isUp ? 'up' : 'down'])
    const told = states.length === 0 ? {} : { engines: Object.fromEntries(states) }
    return because === undefined ? answer(200, { status: 'ready', ...told }) : answer(503, { status: 'not ready', because, ...told }, ['Retry-After', RETRY_AFTER])
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

/** The engine that all is kept in. */
function awayFault(engines: readonly EngineState[]): string | undefined {
  return engines.some(({ engine, isUp }) => engine === 'postgres' && !isUp) ? 'the store does not answer: postgres' : undefined
}

function answer(status: number, body: unknown, headers: readonly string[] = []): Answer {
  return { status, headers: ['Content-Type', 'application/json', 'Cache-Control', 'no-store', ...headers], body: `${JSON.stringify(body)}\n` }
}
