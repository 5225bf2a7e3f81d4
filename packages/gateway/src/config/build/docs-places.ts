/** Where the references of APIs lie, and what stands in their way. */
import type { ApiOptions } from 'tollgate/gate'
import type { DocsPlace } from '../../docs/serve/docs-place.ts'
import type { ApiShape } from '../shape/api-shape.ts'
import type { Report } from '../read/report.ts'

/** `apis`: those that are in order. */
export function buildDocs(shapes: { readonly [name: string]: ApiShape }, apis: readonly Pick<ApiOptions, 'name' | 'mount' | 'routes' | 'contract'>[], report: Report): readonly DocsPlace[] {
  return apis.flatMap(({ name, mount, routes, contract }) => {
    const docs = shapes[name]?.docs
    if (docs === undefined) return []
    const below = mount === '/' ? '' : mount
    const at = `${below}${docs.path}`
    for (const [other, shape] of Object.entries(shapes)) {
      if (shape.mount === at || shape.mount.startsWith(`${at}/`)) report(['apis', name, 'docs', 'path'], `"${docs.path}" is where ${other} is mounted; choose another path`)
    }
    for (const [index, { path, methods }] of routes.entries()) {
      const whole = `${below}${path}`
      const isRead = methods.some((method) => method === 'GET' || method === 'HEAD')
      if (isRead && (whole === at || whole.startsWith(`${at}/`))) report.warn(['apis', name, 'routes', index, 'on'], `${whole} is answered by docs, before any route; give one of the two another path`)
    }
    return [{ api: name, at, contract, title: docs.title, url: docs.url, apiUrl: docs.apiUrl }]
  })
}
