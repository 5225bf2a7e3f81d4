/**
 * A meter counts something for a subject. Declared once; the limit may differ by plan, account and key.
 */
import type { ReasonPattern } from '../../contract/declare/reason.ts'

/** Whether refused attempts count too. `attempts`: count first, compare after, so usage may pass the limit. */
export type Counts = 'admitted' | 'attempts'

interface Counting {
  readonly counts?: Counts
  /** Outcomes that give the count back: a request that ends in one of these reasons is not counted. */
  readonly uncountOn?: readonly ReasonPattern[]
}

/**
 * A rate limit: at most `limit` in any `windowMs`. `log` keeps each instant and is exact (default up to 128); `buckets` keeps 60 counters, never
 * admits more than the limit in any window and may refuse up to 1/60 of it early (default above); `fixed` counts per aligned window.
 */
export interface WindowMeter extends Counting {
  readonly kind: 'window'
  readonly windowMs: number
  readonly algorithm?: 'log' | 'buckets' | 'fixed'
}

/** Of a week that begins on Monday. */
export const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const

export type Weekday = (typeof weekdays)[number]

/** Periods of the calendar in UTC or a time zone, or from an anchor instant (a month from the 31st ends on the last day of shorter months). */
export interface CalendarPeriod {
  readonly period: 'day' | 'week' | 'month' | 'year'
  readonly anchorMs?: number
  /** Of the IANA: `Europe/Berlin`. Periods begin when its clocks say so; with an anchor, when they show what they showed at the anchor. Default: UTC. */
  readonly timeZone?: string
  /** Of a week without an anchor. Default: monday. */
  readonly weekStart?: Weekday
}

/** A calendar quota. */
export interface QuotaMeter extends Counting, CalendarPeriod {
  readonly kind: 'quota'
}

/** How a balance renews: in each period its holder is given an allowance. */
export interface Renewal extends CalendarPeriod {
  /** For how many further periods what is left of an allowance may be spent. Default: 0, it expires with its own. */
  readonly carry?: number | 'forever'
}

/** Prepaid money in integers: `scale` 2 counts cents. A take's cost is in these units. Where it renews, a take's limit is the allowance; otherwise it is not asked for. */
export interface BalanceMeter {
  readonly kind: 'balance'
  readonly scale: number
  readonly renew?: Renewal
  readonly counts?: never
  readonly uncountOn?: never
}

/**
 * Things that are alive at once. Slots are calls in flight: volatile, a restart frees them. Sessions and stock units are durable. A take's cost
 * is the quantity, its limit the most that may live at once.
 */
export interface LeaseMeter {
  readonly kind: 'lease'
  readonly of: 'slot' | 'session' | 'stock'
  readonly counts?: never
  readonly uncountOn?: never
}

/** Counts what happened. Balances and leases hold what is there. */
export type CountingMeter = WindowMeter | QuotaMeter

/** Money that may be spent in a window or a calendar period, of integers as a balance: a take's cost is in these units, and so is its limit. Needs a call that holds it. */
export interface SpendMeter {
  readonly kind: 'spend'
  readonly scale: number
  readonly over: Omit<WindowMeter, keyof Counting> | Omit<QuotaMeter, keyof Counting>
  readonly counts?: never
  readonly uncountOn?: never
}

/**
 * Something that is counted or held for a subject. The kinds: window, quota, balance, lease, spend.
 *
 * @example
 * const meters: Record<string, Meter> = {
 *   burst: { kind: 'window', windowMs: 60_000 },
 *   daily: { kind: 'quota', period: 'day', timeZone: 'Europe/Berlin' },
 *   credit: { kind: 'balance', scale: 2 },
 *   credits: { kind: 'balance', scale: 0, renew: { period: 'month' } },
 *   sessions: { kind: 'lease', of: 'session' },
 *   spending: { kind: 'spend', scale: 2, over: { kind: 'quota', period: 'day' } },
 * }
 */
export type Meter = CountingMeter | BalanceMeter | LeaseMeter | SpendMeter
/** The meter of one kind: `MeterOf<'window'>`. */
export type MeterOf<K extends Meter['kind']> = Extract<Meter, { readonly kind: K }>

/** One meter of a stage, for one subject, with the limit that holds for this call. */
export interface Take<M extends Meter = Meter> {
  /** As `formatSubject` writes it. All counters of a subject live in one record. */
  readonly subject: string
  /** The meter's name within the subject. */
  readonly name: string
  readonly meter: M
  readonly limit: number
  readonly cost: number
  /** Nothing limits it: what is taken is counted, and `limit` is the greatest there can be. */
  readonly unlimited?: true
  /** Of windows and quotas: held by its call, and corrected to what was used when that is known. */
  readonly reserved?: true
}

/** For takes that nothing limits. */
export const UNLIMITED = { limit: Number.MAX_SAFE_INTEGER, unlimited: true } as const

/**
 * What a meter says after a decision (or a peek). A balance: `used` is held, `remaining` available, `limit` its allowance, or 0. A lease: `used` is alive, `limit` the most.
 */
export interface Reading {
  readonly name: string
  readonly subject: string
  readonly kind: Meter['kind']
  readonly limit: number
  /** Then limit and remaining say nothing. */
  readonly unlimited?: true
  /** Counted in the current window or period, after this decision. Attempts may pass the limit. */
  readonly used: number
  /** Never negative. */
  readonly remaining: number
  /** When the window or period is over (for a log: when the oldest counted instant leaves it), or the next allowance comes. Other balances and leases: now. */
  readonly resetAtMs: number
  readonly admitted: boolean
  /** Refused only: when this meter alone would admit the same cost. Undefined if it never will (cost above limit), or nobody knows (money, leases without expiry). */
  readonly retryAtMs?: number
}

/** Proof of what was counted, to give it back. Money and leases are given back by the end of their call. */
export interface Receipt<M extends Meter = Meter> {
  readonly subject: string
  readonly name: string
  readonly meter: M
  /** The limit that held, for the reading after it is given back. */
  readonly limit: number
  readonly cost: number
  /** Under which instant the meter keeps it: when a sliding window counts it, or when its fixed window or period ends. */
  readonly atMs: number
}

/** What a stage decided: all of its meters are taken, or none is. */
export type StageDecision =
  | { readonly admitted: true; readonly readings: readonly Reading[]; readonly receipts: readonly Receipt[] }
  | {
      readonly admitted: false
      readonly readings: readonly Reading[]
      /** The first meter, in the order of the stage, that refused. */
      readonly refusedBy: Reading
      /** When all of them would admit; undefined if one never will. */
      readonly retryAtMs?: number | undefined
    }
