/** Which answers of a service cost, where they say no price: successes by their status, refusals by what they are in the contract of the API. */
import { isNamed, type SaidEntry } from './may-say.ts'
import { hasStatus, successes, type StatusSet } from './status-set.ts'

/** As a route names them: `2xx`, `303`; entries, reasons, and families of them (`resource.*`). */
export type ChargeOn = readonly (number | string)[]

export interface Costing {
  readonly statuses: StatusSet
  readonly refusals: readonly string[]
}

export const defaultCosting: Costing = { statuses: successes, refusals: [] }

/** Who names refusals alone takes no status away: successes cost as they do by default. */
export function toCosting(chargeOn: ChargeOn): Costing {
  const statuses = chargeOn.filter(isStatus)
  return { statuses: statuses.length === 0 ? successes : statuses, refusals: chargeOn.filter((name) => !isStatus(name)) as readonly string[] }
}

function isStatus(name: number | string): name is StatusSet[number] {
  return typeof name === 'number' || /^[1-5]xx$/.test(name)
}

/** A 101 is the success of its handshake. */
export function costsByStatus({ statuses }: Costing, status: number): boolean {
  return status === 101 || hasStatus(statuses, status)
}

export function costsAsRefusal({ refusals }: Costing, said: SaidEntry): boolean {
  return isNamed(said, refusals)
}
