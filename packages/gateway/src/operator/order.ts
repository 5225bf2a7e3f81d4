/** What an operator has done with money, calls and sessions: the one way on which all of it goes to the store. */
import type { DebitCommand, EndLeaseCommand, GrantCommand, SettleCommand } from 'tollgate/engine'
import { applyNamed, type ResultOf, type Store } from 'tollgate/stores'

/** Each has a name, by which the same again is done once. */
export type OrderCommand = SettleCommand | EndLeaseCommand | GrantCommand | DebitCommand

export interface Ordered<C extends OrderCommand> {
  readonly result: ResultOf[C['kind']]
  /** The store could not say what became of it, and was asked once more: what it calls done before may be this. */
  readonly isAgain: boolean
}

export type Order = <C extends OrderCommand>(command: C) => Promise<Ordered<C>>

/** Rejects where the store cannot do it, or where nobody knows whether it did. */
export function createOrder(store: Pick<Store, 'apply'>): Order {
  return async (command) => {
    let isAgain = false
    const result = await applyNamed(store, command, () => (isAgain = true))
    return { result, isAgain }
  }
}
