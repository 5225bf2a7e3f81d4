/** Which runs and which charges belong to an order. */
import type { LedgerRow } from 'tollgate/engine'
import type { Books, History, Order, Run } from './history.ts'
import { scopeOf } from './shop.ts'

export interface Trace {
  runsOf(order: Order): readonly Run[]
  /** By the service's own record; by the key for calls that it never saw. */
  chargesOf(order: Order): readonly LedgerRow[]
  /** Calls that have claimed a key that nobody has sent. */
  readonly foreign: readonly string[]
}

export function traceOrders({ orders, runs }: History, { rows, calls }: Books): Trace {
  const runsOf = grouped(runs, ({ order }) => order)
  const orderOfScope = new Map(orders.flatMap((order) => (order.key === undefined ? [] : [[scopeOf(order), order.id]])))
  const orderOfCall = new Map<string | undefined, string>(runs.map(({ callId, order }) => [callId, order]))
  const foreign: string[] = []
  for (const { id, claim } of calls) {
    if (claim === undefined) continue
    const order = orderOfScope.get(claim.scope)
    if (order === undefined || (orderOfCall.has(id) && orderOfCall.get(id) !== order)) foreign.push(id)
    else orderOfCall.set(id, order)
  }
  const chargesOf = grouped(rows.filter(({ kind }) => kind === 'settle'), ({ callId }) => orderOfCall.get(callId) ?? '')
  return { runsOf: ({ id }) => runsOf.get(id) ?? [], chargesOf: ({ id }) => chargesOf.get(id) ?? [], foreign }
}

function grouped<T>(list: readonly T[], by: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of list) {
    const group = groups.get(by(item))
    if (group === undefined) groups.set(by(item), [item])
    else group.push(item)
  }
  return groups
}
