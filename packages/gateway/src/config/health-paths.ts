import type { ApiOptions } from 'tollgate/server'
import type { Report } from './report.ts'

/** What is answered before any API where `listen.health` is set. */
export const healthPaths: readonly string[] = ['/healthz', '/readyz']

/** An API's own route of that path would never be reached. */
export function warnOfHealthPaths(apis: readonly Pick<ApiOptions, 'name' | 'mount' | 'routes'>[], report: Report): void {
  for (const { name, mount, routes } of apis) {
    for (const [at, { path }] of routes.entries()) {
      const whole = `${mount === '/' ? '' : mount}${path}`
      if (healthPaths.includes(whole)) report.warn(['apis', name, 'routes', at, 'on'], `${whole} is answered by listen.health, before any API; leave listen.health out, or give the route another path`)
    }
  }
}
