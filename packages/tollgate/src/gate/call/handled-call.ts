/** A call that the gateway answers by itself. All checks and steps of its route are behind it. */
import type { JsonValue } from '../../contract/declare/facts.ts'
import type { Refusal } from '../../contract/declare/refusal.ts'
import type { Reading } from '../../engine/meters/meter.ts'
import type { Principal } from '../way-in/principal.ts'
import type { OrRefusal } from '../or-refusal.ts'

/** A call that the gateway answers by itself, after all checks and steps of its route. */
export interface HandledCall {
  readonly requestId: string
  readonly api: string
  readonly nowMs: number
  /** Undefined on public routes. */
  readonly principal: Principal | undefined
  readonly params: { readonly [name: string]: string }
  readonly headers: readonly string[]
  /** What the route's meters said. */
  readonly readings: readonly Reading[]
  /** The body as JSON; read once, whoever asks. */
  readJson(): Promise<OrRefusal<{ readonly value: unknown }>>
}

/** What a handler answers. */
export type Handled = HandlerSuccess | Refusal

/** Data, in the success form of the dialect. */
export interface HandlerSuccess {
  readonly kind: 'success'
  readonly status: number
  readonly data: JsonValue
}

/**
 * What is returned goes out in the dialect's success form, or as its refusal; whatever is thrown is an internal error.
 *
 * @example
 * import { refuse } from 'tollgate/contract'
 * const whoAmI: Handler = async ({ principal }) => (principal === undefined ? refuse('credential.missing') : { kind: 'success', status: 200, data: { account: principal.account.id } })
 */
export type Handler = (call: HandledCall) => Promise<Handled>

/** Handlers by the names under which routes ask for them. */
export interface Handlers {
  readonly [name: string]: Handler
}
