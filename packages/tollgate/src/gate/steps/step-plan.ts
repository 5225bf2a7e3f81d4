/** What follows from a route's steps: each tells its part, and `route-plan.ts` puts them together. */
import type { Handler } from '../call/handled-call.ts'
import type { HoldOptions, IdempotencyOptions, StageOptions, TakeOptions, UsageRule } from './step-options.ts'
import type { Costing } from '../way-out/costing.ts'
import type { Speech } from '../way-out/upstream-refusal.ts'
import type { BodyPace } from './body-pace.ts'

/** What one step adds to the plan of its route. What it does not say, it has nothing to do with. */
export interface StepPlan {
  readonly takes?: readonly TakeOptions[]
  readonly hold?: HoldOptions | undefined
  readonly keyed?: IdempotencyOptions
  /** Finds a row, which later steps may count for. */
  readonly findsRow?: boolean
  /** Takes what the store keeps a record of the call for: money, sessions, stock. */
  readonly isDurable?: boolean
  /** Its commit can mark the dispatch too, where nothing but the upstream comes next. */
  readonly stage?: StageOptions
}

export interface ReservedUsage {
  readonly meter: string
  readonly usage: UsageRule
}

export interface RoutePlan {
  /** Answers in place of a service. */
  readonly handler: Handler | undefined
  /** How long the call may hold what it takes once nobody works on it any more, and what becomes of it then. */
  readonly hold: HoldOptions
  readonly keyed: IdempotencyOptions | undefined
  /** The balance that pays for it; without one, what counts its price. */
  readonly balance: { readonly name: string; readonly scale: number; readonly usage: UsageRule | undefined; readonly costing: Costing } | undefined
  /** What is reserved until the answer says what was used, by meter. */
  readonly reserved: readonly ReservedUsage[]
  /** Whether the service may have to settle or name what the call took, and so gets `Tollgate-Call`. */
  readonly hasAfterlife: boolean
  /** Whether the service may be asked again under the same key. */
  readonly isRepeatable: boolean
  /** The stage after which nothing but the upstream comes: its commit can mark the dispatch too. */
  readonly lastStage: StageOptions | undefined
  /** In which contract its service refuses, and what of that it may say. */
  readonly speech: Speech
  /** Of callers, lower case, which the service does not get. */
  readonly withheldHeaders: readonly string[]
  readonly bodyBytesMax: number
  readonly bodyPace: BodyPace
  /** All meters that it takes, for answers that come before they are taken. */
  readonly meters: readonly string[]
}

/** How long a call may hold what it took where its route does not say: ten minutes, then it is given back. */
export const defaultHold: HoldOptions = { holdMs: 600_000, onExpiry: 'release' }
