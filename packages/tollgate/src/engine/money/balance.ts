/**
 * Prepaid money of one subject: what is available, by grant, and how much is held. All functions are pure, and say each movement.
 *
 * Grants are used up in the order of their expiry. A hold remembers out of which grants it was taken, and gives back to the same; what goes
 * back to a grant that has expired meanwhile expires at once. At any instant: available + held = granted − charged − expired.
 */
import type { MovementKind } from './ledger.ts'
import { stateIn, type StateCodec, type SubjectRecord } from '../meters/subject-record.ts'

/** What is left of a grant. */
export interface Grant {
  readonly id: string
  /** Positive. */
  readonly units: number
  readonly expiresAtMs?: number | undefined
}

/** What a hold took of a grant, to give back to it. */
export type HeldPart = Grant

export interface BalanceState {
  readonly kind: 'balance'
  readonly name: string
  readonly scale: number
  readonly heldUnits: number
  /** All that was ever granted, and all that was ever charged, by calls and by debits; what is missing between them and what is there has expired. */
  readonly grantedUnits: number
  readonly chargedUnits: number
  /** By expiry, the earliest first; of one expiry, the oldest first. */
  readonly grants: readonly Grant[]
  /** Of one that renews: until when it has been given its allowance, and how much that was. */
  readonly renewed?: { readonly untilMs: number; readonly units: number } | undefined
}

/** What a balance does. */
type BalanceMovementKind = Exclude<MovementKind, 'spend'>

export interface Movement {
  readonly kind: BalanceMovementKind
  readonly units: number
  /** After it. */
  readonly availableUnits: number
  readonly heldUnits: number
  readonly grantId?: string
  readonly debitId?: string
  /** Of what time alone brings about, and who looks at the balance first writes down; the reason of all else is that of the command. */
  readonly reason?: 'expiry' | 'renewal'
}

export interface BalanceChange {
  readonly state: BalanceState
  readonly movements: readonly Movement[]
}

export function emptyBalance(name: string, scale: number): BalanceState {
  return { kind: 'balance', name, scale, heldUnits: 0, grantedUnits: 0, chargedUnits: 0, grants: [] }
}

/** What can be spent at the instant. */
export function availableUnits(state: BalanceState | undefined, nowMs: number): number {
  let units = 0
  for (const grant of state?.grants ?? []) if (expiryOf(grant) > nowMs) units += grant.units
  return units
}

/** Throws when the sum would leave the safe integers: from there on nothing would add up. */
export function addGrant(state: BalanceState, grant: Grant, nowMs: number, of: Pick<Movement, 'reason'> = {}): BalanceChange {
  const grantedUnits = state.grantedUnits + grant.units
  if (grantedUnits > Number.MAX_SAFE_INTEGER) {
    throw new RangeError(`a grant of ${grant.units} units would take balance ${state.name} beyond ${Number.MAX_SAFE_INTEGER}`)
  }
  const granted = move({ ...state, grantedUnits, grants: putIn(state.grants, grant) }, 'grant', grant.units, { ...of, grantId: grant.id })
  return expireGrants(granted.state, nowMs, granted.movements)
}

/** The caller has seen that so much is available. */
export function holdUnits(state: BalanceState, units: number, nowMs: number): BalanceChange & { readonly parts: readonly HeldPart[] } {
  const live = expireGrants(state, nowMs)
  const { taken, left } = takeFirst(live.state.grants, units)
  const held = move({ ...live.state, grants: left, heldUnits: live.state.heldUnits + units }, 'hold', units)
  return { state: held.state, movements: live.movements.length === 0 ? held.movements : [...live.movements, ...held.movements], parts: taken }
}

/** Takes units at once, out of what is available. The caller has seen that so much is. */
export function debitUnits(state: BalanceState, units: number, debitId: string, nowMs: number): BalanceChange {
  const live = expireGrants(state, nowMs)
  const { left } = takeFirst(live.state.grants, units)
  return move({ ...live.state, grants: left, chargedUnits: live.state.chargedUnits + units }, 'debit', units, { debitId }, live.movements)
}

/** Ends a hold: `chargeUnits` of it are gone, out of its earliest parts; the rest goes back to where it came from. */
export function endHold(state: BalanceState, parts: readonly HeldPart[], chargeUnits: number, nowMs: number): BalanceChange {
  const { left } = takeFirst(parts, chargeUnits)
  const releasedUnits = sum(left)
  let change: BalanceChange = { state, movements: [] }
  if (chargeUnits > 0) change = move({ ...state, heldUnits: state.heldUnits - chargeUnits, chargedUnits: state.chargedUnits + chargeUnits }, 'settle', chargeUnits)
  if (releasedUnits > 0) {
    const { heldUnits, grants } = change.state
    const released = { ...change.state, heldUnits: heldUnits - releasedUnits, grants: left.reduce(putIn, grants) }
    change = move(released, 'release', releasedUnits, {}, change.movements)
  }
  return expireGrants(change.state, nowMs, change.movements)
}

/** What the ledger says of a hold that passes from one call to another. The money does not move. */
export function passOn(state: BalanceState, units: number): { readonly release: Movement; readonly hold: Movement } {
  const available = sum(state.grants)
  return {
    release: { kind: 'release', units, availableUnits: available + units, heldUnits: state.heldUnits - units },
    hold: { kind: 'hold', units, availableUnits: available, heldUnits: state.heldUnits },
  }
}

export function expireGrants(state: BalanceState, nowMs: number, before: readonly Movement[] = []): BalanceChange {
  let change: BalanceChange = { state, movements: before }
  for (const grant of state.grants) {
    if (expiryOf(grant) > nowMs) break
    change = move({ ...change.state, grants: change.state.grants.slice(1) }, 'expire', grant.units, { grantId: grant.id, reason: 'expiry' }, change.movements)
  }
  return change
}

/** When the first grant expires. */
export function nextExpiryMs(state: BalanceState): number {
  const [first] = state.grants
  return first === undefined ? Infinity : expiryOf(first)
}

function move(state: BalanceState, kind: BalanceMovementKind, units: number, of: Pick<Movement, 'grantId' | 'debitId' | 'reason'> = {}, before: readonly Movement[] = []): BalanceChange {
  const movement: Movement = { kind, units, availableUnits: sum(state.grants), heldUnits: state.heldUnits, ...of }
  return { state, movements: before.length === 0 ? [movement] : [...before, movement] }
}

function expiryOf(grant: Grant): number {
  return grant.expiresAtMs ?? Infinity
}

function sum(grants: readonly Grant[]): number {
  let total = 0
  for (const { units } of grants) total += units
  return total
}

/** Adds to the grant of this id and expiry, or puts it in its place. */
function putIn(grants: readonly Grant[], added: Grant): readonly Grant[] {
  const same = grants.findIndex((grant) => grant.id === added.id && grant.expiresAtMs === added.expiresAtMs)
  if (same !== -1) return grants.map((grant, at) => (at === same ? { ...grant, units: grant.units + added.units } : grant))
  const later = grants.findIndex((grant) => expiryOf(grant) > expiryOf(added))
  return later === -1 ? [...grants, added] : grants.toSpliced(later, 0, added)
}

/** So many units from the front, split where needed. */
function takeFirst(grants: readonly Grant[], units: number): { readonly taken: readonly Grant[]; readonly left: readonly Grant[] } {
  const taken: Grant[] = []
  let missing = units
  let at = -1
  for (const grant of grants) {
    at += 1
    if (missing === 0) return { taken, left: grants.slice(at) }
    if (grant.units > missing) {
      taken.push({ ...grant, units: missing })
      return { taken, left: [{ ...grant, units: grant.units - missing }, ...grants.slice(at + 1)] }
    }
    taken.push(grant)
    missing -= grant.units
  }
  if (missing > 0) throw new Error(`${units} units were asked of ${units - missing}`)
  return { taken, left: [] }
}

export const balanceCodec: StateCodec<BalanceState> = {
  kind: 'balance',

  // Never of itself; an account that is spent keeps the sums of what it had.
  expiresAtMs: ({ grantedUnits }) => (grantedUnits === 0 ? 0 : Number.MAX_SAFE_INTEGER),
  dueMs: nextExpiryMs,

  /**
   * Scale, held, then id, units, expiry (-1: never) of each grant, then granted and charged; of one that has renewed, then until when and how much. As a grant has
   * three fields, their number tells which it is.
   */
  toFields({ scale, heldUnits, grantedUnits, chargedUnits, grants, renewed }) {
    const fields: (string | number)[] = [scale, heldUnits]
    for (const { id, units, expiresAtMs = -1 } of grants) fields.push(id, units, expiresAtMs)
    fields.push(grantedUnits, chargedUnits)
    if (renewed !== undefined) fields.push(renewed.untilMs, renewed.units)
    return fields
  },

  fromFields(name, fields) {
    const [scale, heldUnits] = fields
    const end = fields.length % 3 === 0 ? -2 : fields.length
    const [grantedUnits, chargedUnits] = fields.slice(0, end).slice(-2)
    const ofGrants = fields.slice(2, end).slice(0, -2)
    const [untilMs, renewedUnits] = fields.slice(end)
    if (fields.length < 4 || ofGrants.length % 3 !== 0 || !isCount(scale) || !isCount(heldUnits) || !isCount(grantedUnits) || !isCount(chargedUnits)) return undefined
    const grants: Grant[] = []
    for (let at = 0; at < ofGrants.length; at += 3) {
      const [id, units, expiresAtMs] = ofGrants.slice(at, at + 3)
      if (typeof id !== 'string' || typeof units !== 'number' || typeof expiresAtMs !== 'number' || units <= 0) return undefined
      grants.push({ id, units, expiresAtMs: expiresAtMs === -1 ? undefined : expiresAtMs })
    }
    const state: BalanceState = { kind: 'balance', name, scale, heldUnits, grantedUnits, chargedUnits, grants }
    if (untilMs === undefined) return state
    return isCount(untilMs) && isCount(renewedUnits) ? { ...state, renewed: { untilMs, units: renewedUnits } } : undefined
  },
}

/** Undefined where the subject has none of this name. */
export function balanceOf(record: SubjectRecord, name: string): BalanceState | undefined {
  return stateIn(record, name, balanceCodec)
}

/** Throws when the balance counts in another scale: such a change needs a migration, and until then money would be off by powers of ten. */
export function scaledBalance(state: BalanceState | undefined, subject: string, name: string, scale: number): BalanceState {
  if (state === undefined) return emptyBalance(name, scale)
  if (state.scale !== scale) throw new RangeError(`balance ${name} of ${subject} is kept with scale ${state.scale}, not ${scale}`)
  return state
}

function isCount(field: string | number | undefined): field is number {
  return typeof field === 'number' && field >= 0
}
