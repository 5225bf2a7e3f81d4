/**
 * One kind of step as the configuration writes it: the other half of the library's `Step`. A new one is a file beside this and a line in `steps.ts`.
 *
 * What a step must find before it, and what it leaves for those after it, it says as data: `step-order.ts` holds the steps of a route against it, and the
 * published schema says of it what a schema can say.
 */
import type { StepKey, StepOptions } from 'tollgate/gate'
import type { z } from 'zod'
import type { ColumnMeaning } from '../build/column-uses.ts'
import type { Path } from '../read/config-problem.ts'
import type { StepContext, StepRoute } from './step-context.ts'

/** What steps bring, and others need. */
export type Thing =
  /** Of the caller. A route that is not public has it from the start. */
  | 'account'
  /** Whose answer it is. A route without a handler has one from the start. */
  | 'service'
  /** What a lookup found; its name is the table's. */
  | 'row'
  | 'lease'
  /** Of a call: that it holds money, a session or stock; by the meter's name. */
  | 'record'
  /** That it holds anything until it ends: slots and its idempotency key too. */
  | 'hold'
  /** How long it may. */
  | 'deadline'
  /** What it is paid by: a meter's name. */
  | 'price'
  /** Of what is counted by what the answer says was used: a meter's name. */
  | 'reserve'
  | 'key'

export interface StepKind<Key extends StepKey, Shape extends z.ZodRawShape, Settings = z.output<z.ZodObject<Shape>>> {
  readonly key: Key
  /** The setting of its own name, and those that may stand beside it. */
  readonly shape: Shape
  readonly needs: readonly Need<Settings>[]
  readonly brings: readonly Bring<Settings>[]
  /** What must not come before it, and what is wrong where it does. */
  readonly precedes?: { readonly what: Thing; readonly fault: (name: string) => string }
  /** Undefined when it cannot be built; the report says why. `path` is of the step. */
  build(settings: Settings, path: Path, context: StepContext): Extract<StepOptions, { kind: Key }> | undefined
}

export interface Need<Settings> {
  readonly what: Thing
  /** A later step may bring it too. */
  readonly anywhere?: true
  /** Whatever its settings: what is wrong where it is missing. */
  readonly always?: (route: StepRoute) => string
  /** Where its settings ask for it. */
  where?(settings: Settings, context: StepContext): readonly NeedPlace[]
}

export interface NeedPlace {
  /** Below the step. */
  readonly at: Path
  /** What is wrong where it is missing; the mend is said behind it, if a step brings it. */
  readonly fault: string
  /** Of a row: what is read of it. */
  readonly column?: { readonly name: string; readonly meaning: ColumnMeaning }
}

export interface Bring<Settings> {
  readonly what: Thing
  /** A step that does, for those who lack it. */
  readonly example?: string
  /** The setting by which it does, if not that of its own name. */
  readonly setting?: string
  /** A route has it once: what is wrong with a second one. */
  readonly once?: string
  /** Where the settings tell whether and how often; otherwise it is brought wherever the setting is. */
  which?(settings: Settings, context: StepContext): readonly Brought[]
}

export interface Brought {
  readonly name: string
  /** A route has it once: what is wrong with this one, where `earlier` was brought before, and where below the step that is said. `byName`: once of each name. */
  readonly again?: { readonly at: Path; readonly fault: (earlier: string) => string; readonly byName?: true }
}
