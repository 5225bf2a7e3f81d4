/** What the steps of a route are held against. */
import type { ServiceOptions } from 'tollgate/gate'
import type { ApiShape, RouteShape } from '../shape/api-shape.ts'
import type { ColumnUses } from './column-uses.ts'
import type { Files } from '../read/files.ts'
import type { Path } from '../read/config-problem.ts'
import type { Report } from '../read/report.ts'
import type { Schemas } from './schemas.ts'

/** Names are those that are written, even of pieces that have problems of their own. */
export interface RouteContext {
  readonly api: ApiShape
  readonly apiPath: Path
  readonly meters: readonly string[]
  readonly tables: readonly string[]
  readonly upstreams: readonly string[]
  /** What is known of the service at an upstream. */
  readonly serviceOf: (upstream: string) => ServiceOptions | undefined
  readonly columns: ColumnUses
  readonly files: Files
  readonly schemas: Schemas
  readonly report: Report
  readonly isAside: (path: Path) => boolean
}

export interface StepContext extends RouteContext {
  readonly route: RouteShape
  /** Path parameters of the route; undefined if its path is wrong. */
  readonly params: readonly string[] | undefined
  /** Some step is set aside, so what it would have found is not known: nothing is called missing. */
  readonly isPartial: boolean
  readonly soFar: StepsSoFar
}

/** What the steps before have brought, for those that come later. */
export interface StepsSoFar {
  /** Of the last lookup. */
  table: string | undefined
  hasLease: boolean
  /** The first meter that is held until the call ends: money, a session, stock. */
  held: string | undefined
  balance: string | undefined
  idempotency: boolean
  hold: boolean
}

export function noStepsYet(): StepsSoFar {
  return { table: undefined, hasLease: false, held: undefined, balance: undefined, idempotency: false, hold: false }
}
