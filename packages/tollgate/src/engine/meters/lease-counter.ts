/**
 * How many durable leases of a meter are alive: sessions of an account, units of a stock. Who has them, and until when, is with the calls and
 * leases that took them; each unit belongs to exactly one of these, which gives it back when it ends.
 */
import { stateIn, type StateCodec, type SubjectRecord } from './subject-record.ts'

export interface AliveLeases {
  readonly kind: 'lease'
  readonly name: string
  readonly alive: number
}

export function addAlive(state: AliveLeases | undefined, name: string, quantity: number): AliveLeases {
  return { kind: 'lease', name, alive: (state?.alive ?? 0) + quantity }
}

/** Throws when more is given back than was taken: then somebody gave back twice. */
export function removeAlive(state: AliveLeases | undefined, name: string, quantity: number): AliveLeases {
  const alive = (state?.alive ?? 0) - quantity
  if (alive < 0) throw new Error(`${quantity} of ${name} end, but ${state?.alive ?? 0} are alive`)
  return { kind: 'lease', name, alive }
}

export const leaseCodec: StateCodec<AliveLeases> = {
  kind: 'lease',
  expiresAtMs: ({ alive }) => (alive === 0 ? 0 : Number.MAX_SAFE_INTEGER),
  toFields: ({ alive }) => [alive],
  fromFields: (name, [alive, ...rest]) => (typeof alive !== 'number' || alive < 0 || rest.length > 0 ? undefined : { kind: 'lease', name, alive }),
}

export function leaseStateOf(record: SubjectRecord, name: string): AliveLeases | undefined {
  return stateIn(record, name, leaseCodec)
}
