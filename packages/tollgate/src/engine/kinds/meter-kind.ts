/**
 * What one kind of meter knows to answer. Whoever deals with meters asks their kind; nobody asks which kind it is. A new kind is a file beside this
 * one and a line in `kinds.ts`; the gateway has its other half, for the configuration and for people.
 */
import type { Facts } from '../../contract/declare/facts.ts'
import type { Reason } from '../../contract/declare/reason.ts'
import type { ShownLimit } from '../../contract/declare/wire.ts'
import { formatInstant } from '../../contract/values/timestamp.ts'
import type { FootprintKey } from '../footprint.ts'
import type { Meter, Reading, Take } from '../meters/meter.ts'
import type { TakeRules } from '../meters/stage-draft.ts'
import type { StateCodec } from '../meters/subject-record.ts'
import type { Allowance } from '../money/renewal.ts'

/** In which class of a policy for failures of the store a meter is: what must be exact, and what may be near for a while. */
export type MeterClass = 'money' | 'quotas' | 'slots' | 'windows'

/** What one kind of meter knows: its state, its rules, what it refuses with, and how it is shown. */
export interface MeterKind<M extends Meter = Meter> {
  /** What it may have in the record of a subject. */
  readonly states: readonly StateCodec[]
  readonly take: TakeRules<M>
  /** False: no limit holds but what is there. */
  readonly isLimited: boolean
  /** Of money that renews: what each period brings, as the limit of a take says it. */
  allowanceOf(take: Pick<Take<M>, 'meter' | 'limit'>): Allowance | undefined
  /** Whether a call holds what is taken, until its end. What is not held is counted, and given back by its receipt. */
  readonly isHeld: boolean
  /** Whether what is taken must be on disk before it is told, with a record of the call that holds it. */
  isDurable(meter: M): boolean
  /** What becomes of it while the store does not answer is declared for this class. */
  classOf(meter: M): MeterClass
  /** Where what it counts is kept. */
  footprint(take: Take<M>): FootprintKey
  /** Whether what is taken may end by itself, as leases of the account do. */
  expires(meter: M): boolean
  /** Of what is counted in money: its decimals. */
  scaleOf(meter: M): number | undefined
  /** Whether calls are paid out of it: granted, held, charged, and written down in the ledger. */
  readonly isFunded: boolean
  /** Whether the rate headers report it where its options do not say. */
  readonly inHeaders: boolean
  /** What the rate headers tell of it. */
  shown(meter: M, reading: Reading): ShownFigures
  /** The end of the calendar period, or of the fixed window, that the instant lies in; undefined where counting knows none. */
  periodEndMs(meter: M, nowMs: number): number | undefined
  /** What is wrong with its settings, in words. */
  faultOf(meter: M): string | undefined
  /** What it refuses with. */
  refusalOf(refused: RefusedTake<M>): KindRefusal
  /** For the service behind the gateway, in `Tollgate-Usage`: JSON. */
  usageJson(meter: M, reading: Reading): string
}

/** A limit for the rate headers, without the names it goes by. */
export type ShownFigures = Omit<ShownLimit, 'name' | 'of'>

/** A take that its meter has refused. */
export interface RefusedTake<M extends Meter = Meter> {
  readonly take: Take<M>
  readonly reading: Reading
  /** When the whole stage would admit, not just this meter; undefined if it never will, or if nobody knows. */
  readonly retryAfterMs: number | undefined
  /** Whether some meter of the stage will never admit. */
  readonly isHopeless: boolean
  /** What the last look-up found. */
  readonly resource: string | undefined
}

/** Why a meter refuses, with its figures. */
export interface KindRefusal {
  readonly reason: Reason
  readonly facts: Facts
}

export function countFacts({ limit, used, remaining }: Reading): Facts {
  return { limit, used, remaining }
}

/** Limit and remaining are null where nothing limits. */
export function countUsageJson({ limit, used, remaining, resetAtMs, unlimited }: Reading): string {
  const bound = (units: number): number | null => (unlimited === true ? null : units)
  return `{"limit":${bound(limit)},"used":${used},"remaining":${bound(remaining)},"reset":"${formatInstant(resetAtMs)}"}`
}
