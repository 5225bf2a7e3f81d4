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
  /** What calls hold that were open before this start; once, while all goes on. `isOver`: nobody asks any more. */
  countHeld(store: Pick<MoneyEngine, 'calls'>, isOver: () => boolean): Promise<void>
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

  /** Until it is counted what calls held at the start: by call and balance, what was told here of it since. */
  let told: Map<string, { readonly row: Balance; units: number }> | undefined = new Map()
  const toldKey = (callId: string, { subject, name }: Balance): string => JSON.stringify([callId, subject, name])

  function note(row: LedgerEntry): void {
    if (row.callId === undefined || heldBy[row.kind] === 0) return
    const key = toldKey(row.callId, row)
    const known = told?.get(key) ?? { row, units: 0 }
    known.units += heldBy[row.kind] * row.units
    told?.set(key, known)
  }

  return {
    moved(rows) {
      for (const row of rows) {
        if (told !== undefined) note(row)
        const api = apiOf(row)
        if (typeof api === 'string') add(api, row, row.kind, heldBy[row.kind])
        else void addLater(row, row.kind, heldBy[row.kind])
      }
    },
    async countHeld(store, isOver) {
      const since = told ?? new Map<string, never>()
      const counted = new Set<string>()
      const count = async (key: string, row: Balance): Promise<void> => {
        counted.add(key)
        // A page is read after all that was told before it comes: what was told of the call is in it.
        const units = row.units - (since.get(key)?.units ?? 0)
        if (units !== 0) await addLater({ ...row, units }, undefined, 1)
      }
      for (const state of openStates) {
        for await (const calls of pagesOf<CallRecord>((page) => store.calls({ state, ...page }))) {
          if (isOver()) return
          await Promise.all(calls.flatMap(({ id, holds }) => holds.map((hold) => (counted.has(toldKey(id, hold)) ? undefined : count(toldKey(id, hold), hold)))))
        }
      }
      told = undefined
      // What had ended before its page was read was taken away, and never counted.
      await Promise.all([...since].map(([key, { row, units }]) => (counted.has(key) || units >= 0 ? undefined : addLater({ ...row, units: -units }, undefined, 1))))
    },
  }
}
