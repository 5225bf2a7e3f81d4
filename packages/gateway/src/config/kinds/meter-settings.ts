/**
 * One kind of meter as the configuration writes it and as people read it: the other half of the library's `MeterKind`. A new kind is a file beside this
 * one and a line in `meter-kinds.ts`.
 */
import type { CalendarPeriod, Meter, MeterOf, Reading } from 'tollgate/engine'
import { compact, reasonFamilies, type ReasonPattern, serverReasons } from 'tollgate/contract'
import { z } from 'zod'
import type { JsonRule } from '../build/schema-rules.ts'

/** What is our failure or the service's does not use up what a caller has paid for. A rate limit counts it: that protects the service. */
export const serviceFailures: readonly ReasonPattern[] = ['upstream.*', 'internal', 'capacity.overloaded']

const reasonPatterns: readonly ReasonPattern[] = [...serverReasons, ...reasonFamilies]

/** Settings that only meters have that count. */
export const countingSettings = {
  counts: z.enum(['admitted', 'attempts']).optional().describe('attempts: refused requests count too. Default: admitted.'),
  uncountOn: z.array(z.enum(reasonPatterns)).optional().describe(`Outcomes that give the count back. Default: of a quota ${serviceFailures.join(', ')}; of a window none.`),
}

/** A setting of every kind. */
export const inHeaders = z.union([z.boolean(), z.string().min(1)]).optional().describe('Report it in the rate headers; a name: in those of this set of the contract. Default: windows yes, all others no.')

type CountingSettings = z.output<z.ZodObject<typeof countingSettings>>

export function toCounting({ counts = 'admitted', uncountOn = [] }: CountingSettings): { readonly counts: 'admitted' | 'attempts'; readonly uncountOn?: readonly ReasonPattern[] } {
  return compact({ counts, uncountOn: uncountOn.length > 0 ? uncountOn : undefined })
}

/** The settings of its own, of which the first says that it is of this kind: `window: 60s`. */
export interface MeterSettings<Kind extends Meter['kind'], Own extends z.ZodRawShape> {
  readonly own: Own
  /** What it is, in the list of all kinds. */
  readonly what: string
  /** Which of the settings that several kinds have are its own too. */
  readonly takes: readonly SharedSetting[]
  /** For whom it may be kept; otherwise what is wrong. */
  readonly per?: { readonly only: readonly string[]; readonly fault: string }
  /** Whether its limit is an amount of money. */
  readonly isMoney?: true
  /** Why an account or a key can have no limit of it, in words after its name; undefined where it can. */
  noOwnLimit?(meter: MeterOf<Kind>): string | undefined
  /** Of money that renews. */
  allowance?(settings: z.output<z.ZodObject<Own>>): AllowanceSettings | undefined
  /** What its own settings say about each other, in words and for the JSON Schema. */
  readonly checks: readonly SettingCheck<z.output<z.ZodObject<Own>>>[]
  readonly rules: readonly JsonRule[]
  /** Where nothing limits it on a route that takes it: what is missing, unless it is the plans' to say. */
  missingLimit?(settings: z.output<z.ZodObject<Own>>, where: LimitPlace): MissingLimit | undefined
  toMeter(settings: z.output<z.ZodObject<Own>> & CountingSettings): MeterOf<Kind>
  /** What it counts or holds, in words that change when its counters lose their meaning. */
  meaningOf(meter: MeterOf<Kind>): string
  readonly display: MeterDisplay<MeterOf<Kind>>
}

/** Whatever its kind. */
export interface AnySettings {
  readonly own: z.ZodRawShape
  readonly what: string
  readonly takes: readonly SharedSetting[]
  readonly per?: { readonly only: readonly string[]; readonly fault: string }
  readonly isMoney?: true
  noOwnLimit?(meter: Meter): string | undefined
  allowance?(settings: object): AllowanceSettings | undefined
  readonly checks: readonly SettingCheck<{ readonly [setting: string]: unknown }>[]
  readonly rules: readonly JsonRule[]
  missingLimit?(settings: object, where: LimitPlace): MissingLimit | undefined
}

/** What each period brings, for every plan or by plan, as it is written. */
export interface AllowanceSettings {
  readonly each: CalendarPeriod['period']
  readonly amount: number | string | { readonly [plan: string]: number | string }
}

export interface LimitPlace {
  readonly name: string
  readonly routeAt: number
  /** How many plans there are, and how many of them say nothing. */
  readonly plans: number
  readonly without: number
}

export interface MissingLimit {
  readonly at: 'take' | 'meter'
  readonly message: string
}

export type SharedSetting = keyof typeof countingSettings | 'limit'

export interface SettingCheck<Settings> {
  readonly at: string
  readonly fault: string
  holds(settings: Settings): boolean
}

export interface MeterDisplay<M extends Meter = Meter> {
  /** A reading in the kind's own words; `limit` is as operators read it. */
  show(reading: ShownOf, meter: M): ShownFields
  /** In the explanation of a request. */
  sentence(reading: ShownOf, about: SentenceContext): string
  /** Kinds with the same table are shown in one. */
  readonly table: readonly ReadingColumn[]
}

export type ShownOf = Omit<Reading, 'limit' | 'remaining'> & {
  readonly limit: number | 'unlimited'
  /** Undefined where nothing limits. */
  readonly remaining: number | undefined
}

export interface ShownFields {
  readonly [field: string]: string | number | undefined
}

export interface SentenceContext {
  readonly plan: string | undefined
  /** An instant, to the minute. */
  readonly at: (ms: number) => string
  /** Whole units of the meter as a decimal, where its scale is known. */
  readonly money: (units: number) => string
}

export interface ReadingColumn {
  readonly title: string
  readonly field: string
  readonly right?: true
  /** Left out where no row has it. */
  readonly ifAny?: true
}

export const countTable: readonly ReadingColumn[] = [
  { title: 'METER', field: 'meter' },
  { title: 'OF', field: 'subject' },
  { title: 'USED', field: 'used', right: true },
  { title: 'LIMIT', field: 'limit', right: true },
  { title: 'LEFT', field: 'remaining', right: true },
  { title: 'STARTS ANEW', field: 'resetAt' },
]

type Spoken = Pick<ShownOf, 'name' | 'resetAtMs' | 'admitted'> & { readonly [figure in 'used' | 'limit' | 'remaining']: number | string | undefined }

export function countSentence({ name, used, limit, remaining, resetAtMs, admitted }: Spoken, at: SentenceContext['at'], onPlan: string): string {
  if (limit === 'unlimited') return `${name}: ${used} used, unlimited${onPlan}; starts anew at ${at(resetAtMs)}.`
  const verdict = admitted ? `${remaining} left` : 'this is what refused it'
  return `${name}: ${used} used of ${limit} allowed${onPlan}, ${verdict}; starts anew at ${at(resetAtMs)}.`
}

export function countFields({ limit, used, remaining, resetAtMs }: ShownOf): ShownFields {
  return { limit, used, remaining, resetAt: new Date(resetAtMs).toISOString() }
}
