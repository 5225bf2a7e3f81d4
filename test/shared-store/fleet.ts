/** Several gateways' stores as one: each command and each question goes to the next of them. */
import type { Store } from 'tollgate/stores'

export function createFleet(stores: readonly Store[]): Store {
  let turn = 0
  const next = (): Store => {
    turn = (turn + 1) % stores.length
    return stores[turn] as Store
  }
  return {
    apply: (commands) => next().apply(commands),
    peek: (takes) => next().peek(takes),
    call: (id) => next().call(id),
    calls: (query) => next().calls(query),
    lease: (api, id) => next().lease(api, id),
    leases: (query) => next().leases(query),
    ledger: (query) => next().ledger(query),
    balance: (subject, name, allowance) => next().balance(subject, name, allowance),
    get: (collection, id) => next().get(collection, id),
    list: (collection, options) => next().list(collection, options),
    parents: (collection, options) => next().parents(collection, options),
    changes: (after, limit) => next().changes(after, limit),
    request: (id) => next().request(id),
    requests: (query) => next().requests(query),
    pruneRequests: (beforeMs, limit) => next().pruneRequests(beforeMs, limit),
    highWaterMs: () => Math.max(...stores.map((store) => store.highWaterMs())),
    close: async () => void (await Promise.all(stores.map((store) => store.close()))),
  }
}
