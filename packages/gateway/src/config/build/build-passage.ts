/** Where the calls of an API go: what the proxy adds to its policy, and what the gate must know of the services there. */
import type { Contract } from 'tollgate/contract'
import type { RouteOptions, ServiceOptions } from 'tollgate/gate'
import type { ApiPassage, Passage, Timeouts } from '../../proxy/passage.ts'
import type { ApiShape, RouteShape } from '../shape/api-shape.ts'
import { spokenBeside, type SpokenContracts } from './spoken-contracts.ts'

const TIMEOUTS: Timeouts = { connectMs: 5_000, headersMs: 60_000, idleMs: 60_000 }

/** `routes`: as they are written, each with what was built of it. */
export function buildPassage({ rewrite = [], timeouts }: ApiShape, upstream: string, routes: readonly (readonly [RouteShape, RouteOptions])[]): ApiPassage {
  const ofApi: Passage = { upstream, timeouts: toTimeouts(TIMEOUTS, timeouts), rewrites: rewrite }
  return {
    ...ofApi,
    routes: new Map(
      routes.flatMap(([shape, route]) => {
        if (shape.upstream === undefined && shape.timeouts === undefined) return []
        return [[route, { ...ofApi, upstream: shape.upstream ?? upstream, timeouts: toTimeouts(ofApi.timeouts, shape.timeouts) }] as const]
      }),
    ),
  }
}

function toTimeouts({ connectMs, headersMs, idleMs }: Timeouts, { connect = connectMs, headers = headersMs, idle = idleMs }: ApiShape['timeouts'] = {}): Timeouts {
  return { connectMs: connect, headersMs: headers, idleMs: idle }
}

/** Undefined where there is nothing to know of it: it speaks the API's contract, and knows no key again. */
export function createServiceOf(contract: Contract | undefined, spoken: SpokenContracts, idempotentUpstreams: readonly string[]): (upstream: string) => ServiceOptions | undefined {
  const beside = contract === undefined ? {} : spokenBeside(contract, spoken)
  return (upstream) => {
    const speaks = Object.hasOwn(beside, upstream) ? beside[upstream] : undefined
    const isIdempotent = idempotentUpstreams.includes(upstream)
    return speaks === undefined && !isIdempotent ? undefined : { speaks, isIdempotent }
  }
}
