/** Money in motion, from the rows of the ledger as they become durable: what metrics say and what the ledger says cannot differ. */
import { Gauge, type Registry } from 'prom-client'
import { type CallHold, type CallRecord, type LedgerEntry, type MoneyEngine, type MovementKind, openStates, pagesOf } from 'tollgate/engine'
import { foundIn } from './found-in.ts'
import { tellCounter } from './told-metrics.ts'

const kinds: readonly MovementKind[] = ['grant', 'hold', 'settle', 'release', 'debit', 'expire', 'spend']

/** What each kind does to what is held. */
const heldBy: { readonly [kind in MovementKind]: -1 | 0 | 1 } = { grant: 0, hold: 1, settle: -1, release: -1, debit: 0, expire: 0, spend: 0 }

export interface MoneyMetrics {
  moved(rows: readonly LedgerEntry[]): void
  /** What calls hold that were open before this start. */
  countHeld(store: Pick<MoneyEngine, 'calls'>): Promise<void>
}

/** To which API the money of a subject belongs. */
export type ApiOf = (balance: Pick<Balance, 'subject' | 'name'>) => string | Promise<string>

type Balance = Pick<CallHold, 'subject' | 'name' | 'units' | 'scale'>

/** In whole amounts. All kinds are there from the first movement on, so that a rate over any of them has a beginning. */
class BalanceTally {
  held = 0
  /** Undefined before the first movement. */
  moved: { [kind in MovementKind]: number } | undefined
}

export function createMoneyMetrics(registry: Registry, apiOf: ApiOf): MoneyMetrics {
  const labelNames = ['api', 'balance']
  /** By API, then by the balance's name. */
  const tallies = new Map<string, Map<string, BalanceTally>>()
  const newBalances = (): Map<string, BalanceTally> => new Map()
  const newBalance = (): BalanceTally => new BalanceTally()

  function* all(): Iterable<readonly [{ readonly api: string; readonly balance: string }, BalanceTally]> {
    for (const [api, balances] of tallies) for (const [balance, tally] of balances) yield [{ api, balance }, tally]
  }

  tellCounter(registry, {
    name: 'tollgate_money_moved_total',
    help: 'Money by the kind of its movement, in whole amounts of its balance: settle is what was charged, spend what a meter of money counts.',
    labelNames: [...labelNames, 'movement'],
    figures: () => [...all()].flatMap(([labels, { moved }]) => (moved === undefined ? [] : kinds.map((movement) => [{ ...labels, movement }, moved[movement]] as const))),
  })
  void new Gauge({
    name: 'tollgate_money_held',
    help: 'Money that calls hold now, in whole amounts of its balance.',
    labelNames,
    registers: [registry],
    collect() {
      for (const [labels, { held }] of all()) this.set(labels, held)
    },
  })

  function add(api: string, { name, units, scale }: Balance, movement: MovementKind | undefined, sign: number): void {
    const tally = foundIn(foundIn(tallies, api, newBalances), name, newBalance)
    const amount = units / 10 ** scale
    if (movement !== undefined) {
      tally.moved ??= { grant: 0, hold: 0, settle: 0, release: 0, debit: 0, expire: 0, spend: 0 }
      tally.moved[movement] += amount
    }
    tally.held += sign * amount
  }

  async function addLater(row: Balance, movement: MovementKind | undefined, sign: number): Promise<void> {
    add(await apiOf(row), row, movement, sign)
  }

  return {
    moved(rows) {
      for (const row of rows) {
        const api = apiOf(row)
        if (typeof api === 'string') add(api, row, row.kind, heldBy[row.kind])
        else void addLater(row, row.kind, heldBy[row.kind])
      }
    },
    async countHeld(store) {
      for (const state of openStates) {
        for await (const calls of pagesOf<CallRecord>((page) => store.calls({ state, ...page }))) {
          await Promise.all(calls.flatMap(({ holds }) => holds.map((hold) => addLater(hold, undefined, 1))))
        }
      }
    },
  }
}
