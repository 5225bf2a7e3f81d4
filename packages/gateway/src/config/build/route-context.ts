/** What the routes of an API are held against. */
import type { Contract } from 'tollgate/contract'
import type { ServiceOptions } from 'tollgate/gate'
import type { ApiShape } from '../shape/api-shape.ts'
import type { ColumnUses } from './column-uses.ts'
import type { Files } from '../read/files.ts'
import type { Path } from '../read/config-problem.ts'
import type { Report } from '../read/report.ts'
import type { Schemas } from './schemas.ts'

/** Names are those that are written, even of pieces that have problems of their own. */
export interface RouteContext {
  readonly api: ApiShape
  readonly apiPath: Path
  /** Undefined where it cannot be read. */
  readonly contract: Contract | undefined
  /** Of the API, where its routes name no other. */
  readonly upstream: string | undefined
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
