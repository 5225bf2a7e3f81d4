import type { ApiOptions } from 'tollgate/gate'
import { healthPaths } from '../../health/health.ts'
import type { Report } from '../read/report.ts'

/** Where `listen.health` is set they are answered before any API: a route of such a path would never be reached. */
export function warnOfHealthPaths(apis: readonly Pick<ApiOptions, 'name' | 'mount' | 'routes'>[], report: Report): void {
  for (const { name, mount, routes } of apis) {
    for (const [at, { path }] of routes.entries()) {
      const whole = `${mount === '/' ? '' : mount}${path}`
      if (whole === healthPaths.live || whole === healthPaths.ready) report.warn(['apis', name, 'routes', at, 'on'], `${whole} is answered by listen.health, before any API; leave listen.health out, or give the route another path`)
    }
  }
}
