/** What a step is held against. It names no more than steps ask for: whole shapes are made of theirs, so they cannot stand here. */
import type { Contract } from 'tollgate/contract'
import type { ColumnUses } from '../build/column-uses.ts'
import type { Schemas } from '../build/schemas.ts'
import type { Report } from '../read/report.ts'
import type { MeterShape } from '../shape/meter-shape.ts'

/** Names are those that are written, even of pieces that have problems of their own. */
export interface StepContext {
  readonly api: StepApi
  readonly meters: readonly string[]
  readonly tables: readonly string[]
  readonly columns: ColumnUses
  readonly schemas: Schemas
  readonly route: StepRoute
  /** Path parameters of the route; undefined if its path is wrong. */
  readonly params: readonly string[] | undefined
  /** Undefined where the contract cannot be read. */
  readonly refusals: ServiceRefusals | undefined
  readonly report: Report
}

/** What the service of the route can refuse with. */
export interface ServiceRefusals {
  /** The API's. */
  readonly contract: Contract
  readonly may: readonly string[]
  /** Whether it speaks another one. */
  readonly isForeign: boolean
}

export interface StepApi {
  readonly meters: { readonly [name: string]: MeterShape }
  readonly credentials?: { readonly from: readonly { readonly header?: string | undefined }[] } | undefined
}

export interface StepRoute {
  readonly on: string
  readonly public: boolean
  readonly handler?: string | undefined
}

/** The settings of a meter; undefined where there is none, or its own are wrong. */
export function meterNamed(name: string, { api }: Pick<StepContext, 'api'>): MeterShape | undefined {
  return Object.hasOwn(api.meters, name) ? api.meters[name] : undefined
}
