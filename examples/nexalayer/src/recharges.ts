/**
 * Recharges of the balance, as a payment provider would bring them about:
 *
 *     pending ──▶ confirming ──▶ paid     the money has come in, and the balance is credited
 *        └──────▶ expired                 nobody paid in time
 *
 * The balance itself is the gateway's: `credit` is called until it succeeds, with the id of the recharge, so that it can count it once.
 */
import type { Clock } from '@tollgate/example-parts/clock'
import { formatCents } from './money.ts'
import { formatTime } from './session.ts'

export interface Credit {
  readonly rechargeId: string
  readonly account: string
  /** Decimal. */
  readonly amount: string
}

export interface RechargesOptions {
  readonly clock: Clock
  readonly randomHex: (bytes: number) => string
  /** Adds to the account's balance; the same recharge may come twice. Without it nobody pays, and recharges expire. */
  readonly credit: ((credit: Credit) => Promise<void>) | undefined
  readonly onError: (error: unknown, where: string) => void
}

export interface RechargeData {
  readonly recharge_id: string
  readonly amount: string
  readonly status: 'pending' | 'confirming' | 'paid' | 'expired'
  readonly created_at: string
}

export interface Recharges {
  create(account: string, cents: number): RechargeData
  /** Undefined for an unknown id, and for one of another account. */
  find(account: string, id: string): RechargeData | undefined
}

interface Recharge extends Credit {
  readonly createdAtMs: number
  status: RechargeData['status']
}

const PAYMENT_MS = 2_000
const PAYMENT_MS_MAX = 30 * 60_000
const CREDIT_MS = 500
const CREDIT_MS_MAX = 60_000

export function createRecharges({ clock, randomHex, credit, onError }: RechargesOptions): Recharges {
  const recharges = new Map<string, Recharge>()

  function confirm(recharge: Recharge, add: (credit: Credit) => Promise<void>, failures = 0): void {
    const { rechargeId, account, amount } = recharge
    recharge.status = 'confirming'
    clock.after(Math.min(CREDIT_MS * 2 ** failures, CREDIT_MS_MAX), () => {
      add({ rechargeId, account, amount }).then(
        () => {
          recharge.status = 'paid'
        },
        (error: unknown) => {
          onError(error, rechargeId)
          confirm(recharge, add, failures + 1)
        },
      )
    })
  }

  return {
    create(account, cents) {
      const recharge: Recharge = { rechargeId: `rch_${randomHex(8)}`, account, amount: formatCents(cents), createdAtMs: clock.wallMs(), status: 'pending' }
      recharges.set(recharge.rechargeId, recharge)
      if (credit === undefined) clock.after(PAYMENT_MS_MAX, () => (recharge.status = 'expired'))
      else clock.after(PAYMENT_MS, () => confirm(recharge, credit))
      return toData(recharge)
    },
    find(account, id) {
      const recharge = recharges.get(id)
      return recharge?.account === account ? toData(recharge) : undefined
    },
  }
}

function toData({ rechargeId, amount, status, createdAtMs }: Recharge): RechargeData {
  return { recharge_id: rechargeId, amount, status, created_at: formatTime(createdAtMs) }
}
