/** Money in motion, from the rows of the ledger as they become durable: what metrics say and what the ledger says cannot differ. */
import { Counter, Gauge, type Registry } from 'prom-client'
import { type CallHold, type CallRecord, type LedgerEntry, type MoneyEngine, type MovementKind, openStates, pagesOf } from 'tollgate/engine'

const kinds: readonly MovementKind[] = ['grant', 'hold', 'settle', 'release', 'debit', 'expire', 'spend']

/** What each kind does to what is held. */
const heldBy: { readonly [kind in MovementKind]: -1 | 0 | 1 } = { grant: 0, hold: 1, settle: -1, release: -1, debit: 0, expire: 0, spend: 0 }

export interface MoneyMetrics {
  moved(rows: readonly LedgerEntry[]): void
  /** What calls hold that were open before this start. */
  countHeld(store: Pick<MoneyEngine, 'calls'>): Promise<void>
}

/** To which API the money of a subject belongs. */
export type ApiOf = (balance: Pick<Balance, 'subject' | 'name'>) => Promise<string>

type Balance = Pick<CallHold, 'subject' | 'name' | 'units' | 'scale'>

export function createMoneyMetrics(registry: Registry, apiOf: ApiOf): MoneyMetrics {
  const registers = [registry]
  const labelNames = ['api', 'balance']
  const moved = new Counter({ name: 'tollgate_money_moved_total', help: 'Money by the kind of its movement, in whole amounts of its balance: settle is what was charged, spend what a meter of money counts.', labelNames: [...labelNames, 'movement'], registers })
  const held = new Gauge({ name: 'tollgate_money_held', help: 'Money that calls hold now, in whole amounts of its balance.', labelNames, registers })

  async function add(row: Balance, movement: MovementKind | undefined, sign: number): Promise<void> {
    const labels = { api: await apiOf(row), balance: row.name }
    const amount = row.units / 10 ** row.scale
    if (movement !== undefined) {
      // All that there may be is there from the first on, so that a rate over any of them has a beginning.
      for (const kind of kinds) moved.inc({ ...labels, movement: kind }, kind === movement ? amount : 0)
    }
    held.inc(labels, sign * amount)
  }

  return {
    moved(rows) {
      for (const row of rows) void add(row, row.kind, heldBy[row.kind])
    },
    async countHeld(store) {
      for (const state of openStates) {
        for await (const calls of pagesOf<CallRecord>((page) => store.calls({ state, ...page }))) {
          await Promise.all(calls.flatMap(({ holds }) => holds.map((hold) => add(hold, undefined, 1))))
        }
      }
    },
  }
}
