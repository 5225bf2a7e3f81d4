/**
 * What the proxy adds to the policy of an API: where its calls go, how long that is waited for, and what of the answers is rewritten. The gate knows none of
 * it; what the proxy needs of the policy (mount, bounds of the body) comes along with each admitted call.
 */
import type { RouteOptions, Whereabouts } from 'tollgate/gate'

export interface Timeouts {
  readonly connectMs: number
  /** From dispatch to the answer's head. */
  readonly headersMs: number
  /** Between two chunks of the answer's body. */
  readonly idleMs: number
}

/** `location`: of `Location` and `Content-Location`; `cookies`: of `Set-Cookie`. */
export type PathRewrite = 'location' | 'cookies'

export interface Passage {
  /** The name of the upstream in the configuration. */
  readonly upstream: string
  readonly timeouts: Timeouts
  /** Which paths in its answers get the mount, for services that do not heed `X-Forwarded-Prefix`. */
  readonly rewrites: readonly PathRewrite[]
}

export interface ApiPassage extends Passage {
  /** Of the API's routes those that go another way. */
  readonly routes: ReadonlyMap<RouteOptions, Passage>
}

/** By the API's name. */
export interface Passages {
  readonly [api: string]: ApiPassage
}

/** Undefined where nothing is known of the API: the gate was built from another configuration. */
export function passageOf(passages: Passages, { api, route }: Pick<Whereabouts, 'api' | 'route'>): Passage | undefined {
  const ofApi = Object.hasOwn(passages, api) ? passages[api] : undefined
  return ofApi?.routes.get(route) ?? ofApi
}
