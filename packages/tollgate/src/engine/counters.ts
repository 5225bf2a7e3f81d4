/**
 * The part of a store that counts: windows, quotas, slots. What it holds may be lost with the engine; who needs no money and no sessions needs no more.
 *
 * A stage of an engine that is these alone takes neither balances nor durable leases.
 */
import type { CallTerms } from './calls/call-record.ts'
import type { Engine } from './engine.ts'
import type { Reading, Receipt, StageDecision, Take } from './meters/meter.ts'

/**
 * Takes all of these meters, or none. Balances and leases need the `call` that is to hold them.
 *
 * Asked again, it takes again, unless it names its `admission`. What only counts, for no call, has no name: after an unknown outcome whoever asks again may count
 * twice, which is the safe side of a limit.
 */
export interface AdmitCommand {
  readonly kind: 'admit'
  readonly takes: readonly Take[]
  readonly durable?: boolean
  /** Whose meters these are, where no call says it: an engine of several machines keeps what is an account's on one of them, and the subject of a key does not say whose it is. */
  readonly accountId?: string | undefined
  /** Who holds what the stage takes of balances and leases; without it a stage may take neither. */
  readonly call?: CallTerms | undefined
  /**
   * Its name within the call: asked again with it while the call still holds what it took, the store answers what it answered, and takes nothing more. A
   * refusal holds nothing, and is decided anew.
   */
  readonly admission?: string | undefined
  /** The gateway that works on the call: its slots count as long as its heart beats. */
  readonly owner?: string | undefined
  /** Mark the call dispatched in the same commit if it is admitted: the stage is the last step before the upstream. */
  readonly dispatch?: boolean
}
/** Gives back what was counted, as receipts prove it. */
export interface UncountCommand {
  readonly kind: 'uncount'
  readonly receipts: readonly Receipt[]
  /** As the admission named it. */
  readonly accountId?: string | undefined
}

/**
 * Moves the deadline of a call so far from now, and with it the end of its key's lock and of its slots, for as long as somebody works on it. Never moves it back. Void
 * if the call is over, was taken over, or waits for nobody but its deadline.
 */
export interface ExtendCommand {
  readonly kind: 'extend'
  readonly callId: string
  /** Void if the call was taken over since. */
  readonly fence?: number | undefined
  readonly holdMs: number
  /** As in the terms of the call. */
  readonly recorded?: boolean | undefined
}

/** The slots of a call are free. Again, it does nothing. */
export interface FreeCommand {
  readonly kind: 'free'
  readonly callId: string
}

/** A sign of life: the slots of the owner count for so long from now, for others too. */
export interface BeatCommand {
  readonly kind: 'beat'
  readonly owner: string
  readonly ttlMs: number
}

/** What is asked of an engine that counts. */
export type CounterCommand = AdmitCommand | UncountCommand | ExtendCommand | FreeCommand | BeatCommand

export interface CounterResults {
  admit: StageDecision
  uncount: { readonly readings: readonly Reading[] }
  /** `extended: false`: void. */
  extend: { readonly extended: boolean }
  /** `freed: false`: it had none. */
  free: { readonly freed: boolean }
  beat: Record<never, never>
}

/** An engine that counts. */
export interface Counters extends Engine<CounterCommand> {
  /** Current readings of the takes, changing nothing. `accountId`: whose they are, as admissions name it. */
  peek(takes: readonly Take[], accountId?: string | undefined): Promise<readonly Reading[]>
}

/** Counters that can take an admission back, as those on Valkey or Redis can. */
export interface ReturningCounters extends Counters {
  /** Gives back, once, what the admission of this name took for the call; attempts stay counted. False: nothing is known of it. */
  takeBack(admission: NamedAdmission): Promise<boolean>
  /** The latest instant of its time that it has seen. */
  highWaterMs?(): number
}

/** What an admission asked for, and by which name. */
export interface NamedAdmission {
  readonly takes: readonly Take[]
  readonly callId: string
  readonly admission: string
  readonly accountId?: string | undefined
}
