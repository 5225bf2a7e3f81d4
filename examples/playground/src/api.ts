/**
 * One API of the playground, in one folder under `apis/`: what it is, how its service starts, who its sample accounts are, how to provoke each of
 * its codes. Page, terminal, JSON, code table, traffic and end-to-end tests derive from this. How the gateway serves it stands in `tollgate.yaml`,
 * under the contract's name.
 */
import type { Switches } from 'tollgate/directory'
import type { Clock } from 'tollgate/engine'
import type { Contract } from 'tollgate/contract'
import type { Recipe, RecipeRequest, Step } from './recipe.ts'
import type { Sample } from './sample.ts'

export interface Api {
  /** Its name is the API's. */
  readonly contract: Contract
  /** What the API does, in one sentence. */
  readonly about: string
  /** What the original page lists as its codes. Default: the codes; an API without codes of its own lists statuses. */
  readonly counts?: 'code' | 'status'
  /** What each of its keys begins with. */
  readonly prefix: string
  readonly samples: readonly Sample[]
  /** Switched for the whole API at the start, by the name under which the gateway serves it. */
  readonly switches?: { readonly [api: string]: Switches }
  /** What has happened before the start, the oldest first. */
  readonly past?: readonly PastCall[]
  readonly recipes: readonly Recipe[]
  readonly traffic: readonly TrafficItem[]
  /** Starts the service on any free loopback port. */
  start(context: ServiceContext): Promise<RunningService>
}

export interface ServiceContext {
  /** The gateway's own, so that both live at the same time. */
  readonly clock: Clock
  /** Where callers reach the API: the gateway's address and the mount. Throws before the gateway has started. */
  readonly publicUrl: () => string
  readonly onError: (error: unknown, where: string) => void
  /** Puts money into an account's balance; one id counts once. */
  readonly grant: (credit: Credit) => Promise<void>
}

export interface Credit {
  readonly id: string
  readonly account: string
  readonly meter: string
  /** Decimal. */
  readonly amount: string
  readonly reason: string
}

export interface RunningService {
  readonly url: string
  close(): Promise<void>
}

/**
 * A call through the gateway that was made so long ago, so that what comes of age is there by its real cause: a session that has ended, a token
 * that has expired. What it captures, every recipe of the API may use as `{{name}}`.
 */
export interface PastCall extends Step {
  readonly agoMs: number
}

/** One kind of call in the mix that `npm run traffic` sends. */
export type TrafficItem =
  | { readonly kind: 'recipe'; readonly weight: number; readonly recipe: string }
  | { readonly kind: 'request'; readonly weight: number; readonly request: RecipeRequest }
