/**
 * Balances that renew. In each period of the calendar the holder is given an allowance, once, by whoever moves the balance first; until then every reading shows it as if it
 * were there. It is a grant as others are, and expires with its period, or so many periods later: so it is spent before what was bought and keeps.
 *
 * An allowance that grows within a period, since its holder changed to a larger plan, brings the difference at once; a smaller one holds from the next period on. What
 * was given is kept with the balance, so going up and down again brings nothing more, and time that was set back brings nothing twice.
 */
import { periodAt, quotaEndMs } from '../meters/calendar.ts'
import type { BalanceMeter, Renewal, Take } from '../meters/meter.ts'
import { addGrant, expireGrants, type BalanceChange, type BalanceState } from './balance.ts'

/** So many units of the scale in each period. */
export interface Allowance {
  readonly scale: number
  readonly units: number
  readonly renew: Renewal
}

/** No other grant has an id that begins with it. */
export const RENEWAL_PREFIX = 'renew:'

/** What the meter of a take is given in each period; undefined where it does not renew. */
export function allowanceOf({ meter: { scale, renew }, limit }: Pick<Take<BalanceMeter>, 'meter' | 'limit'>): Allowance | undefined {
  return renew && { scale, units: limit, renew }
}

/** With what is due of the allowance. Without movements where nothing is. */
export function renewBalance(state: BalanceState, allowance: Allowance | undefined, nowMs: number): BalanceChange {
  const due = allowance && dueOf(state, allowance, nowMs)
  if (due === undefined) return { state, movements: [] }
  const live = expireGrants(state, nowMs)
  const granted = addGrant({ ...live.state, renewed: due.renewed }, due.grant, nowMs, { reason: 'renewal' })
  return { state: granted.state, movements: [...live.movements, ...granted.movements] }
}

/** The change of the balance, after what is due of its allowance. */
export function afterRenewal<Change extends BalanceChange>(state: BalanceState, allowance: Allowance | undefined, nowMs: number, change: (renewed: BalanceState) => Change): Change {
  const renewed = renewBalance(state, allowance, nowMs)
  const changed = change(renewed.state)
  return renewed.movements.length === 0 ? changed : { ...changed, movements: [...renewed.movements, ...changed.movements] }
}

/** When the next allowance comes. */
export function renewsAtMs({ renewed }: Pick<BalanceState, 'renewed'>, renew: Renewal, nowMs: number): number {
  return renewed !== undefined && nowMs < renewed.untilMs ? renewed.untilMs : quotaEndMs(renew, nowMs)
}

function dueOf({ renewed }: BalanceState, { units, renew }: Allowance, nowMs: number) {
  const given = renewed !== undefined && nowMs < renewed.untilMs ? renewed : undefined
  const dueUnits = units - (given?.units ?? 0)
  if (dueUnits <= 0) return undefined
  const { startMs, endMs } = periodAt(renew, nowMs)
  // After a change of the calendar the first period begins where the last one of the former calendar ended: no two allowances begin at one instant.
  const fromMs = Math.max(startMs, renewed?.untilMs ?? startMs)
  const untilMs = given?.untilMs ?? endMs
  const id = given === undefined ? `${RENEWAL_PREFIX}${isoText(fromMs)}` : `${RENEWAL_PREFIX}${isoText(nowMs)}:${units}`
  return { renewed: { untilMs, units }, grant: { id, units: dueUnits, expiresAtMs: expiryOf(renew, untilMs) } }
}

function expiryOf(renew: Renewal, untilMs: number): number | undefined {
  const { carry = 0 } = renew
  if (carry === 'forever') return undefined
  let expiresAtMs = untilMs
  for (let period = 0; period < carry; period += 1) expiresAtMs = quotaEndMs(renew, expiresAtMs)
  return expiresAtMs
}

function isoText(atMs: number): string {
  return new Date(atMs).toISOString()
}
