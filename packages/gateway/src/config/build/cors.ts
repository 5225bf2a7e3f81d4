/** Who of the browsers is let in. An origin that can never match is refused with the form that can. */
import { compact } from 'tollgate/contract'
import { faultsOfCors, type CorsOptions } from 'tollgate/gate'
import type { ApiShape } from '../shape/api-shape.ts'
import type { Path } from '../read/config-problem.ts'
import type { Report } from '../read/report.ts'

type CorsShape = NonNullable<ApiShape['cors']>

export function checkCors(shape: CorsShape | undefined, path: Path, report: Report): void {
  if (shape === undefined) return
  for (const { setting, at, issue } of faultsOfCors(toCors(shape))) {
    if (at === undefined) report([...path, setting], issue)
    else report.value([...path, setting, at], issue)
  }
}

export function toCors({ origins, allowHeaders, exposeHeaders, credentials, privateNetwork, maxAge }: CorsShape): CorsOptions {
  return compact({
    origins,
    allowHeaders,
    exposeHeaders: exposeHeaders.length > 0 ? exposeHeaders : undefined,
    credentials: credentials ? true : undefined,
    privateNetwork: privateNetwork ? true : undefined,
    maxAgeSeconds: Math.floor(maxAge / 1_000),
  })
}
