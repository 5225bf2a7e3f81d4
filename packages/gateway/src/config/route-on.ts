/** What a route is asked under: methods and a path pattern. */
import { suggestion } from './nearest-name.ts'

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

export interface RouteOn {
  readonly methods: readonly string[]
  readonly path: string
}

/** `GET, POST /v1/items/{id}`; a sentence about what is wrong otherwise. */
export function parseOn(on: string): RouteOn | string {
  const [, methodList, path] = /^([^/]*?)\s+(\/\S*)$/.exec(on.trim()) ?? []
  if (methodList === undefined || path === undefined) return 'must be methods and a path, such as POST /v1/messages'
  const methods = methodList === '*' ? METHODS : methodList.split(/\s*[,|]\s*/)
  const unknown = methods.find((method) => !METHODS.includes(method))
  if (unknown !== undefined) return `has no method "${unknown}"${suggestion(unknown, METHODS)}`
  const pathFault = faultOfPath(path)
  return pathFault ?? { methods: [...new Set(methods)], path }
}

/** The names in braces. */
export function paramsOf(path: string): readonly string[] {
  return [...path.matchAll(/\{(\w+)(?:\.\.\.)?\}/g)].map(([, name = '']) => name)
}

function faultOfPath(path: string): string | undefined {
  const segments = path.slice(1).split('/')
  const names: string[] = []
  for (const [at, segment] of segments.entries()) {
    const parameter = /^\{([A-Za-z_]\w*)(\.\.\.)?\}$/.exec(segment)
    if (parameter?.[1] !== undefined) {
      if (names.includes(parameter[1])) return `names {${parameter[1]}} twice`
      if (parameter[2] !== undefined && at < segments.length - 1) return `has {${parameter[1]}...} before the end; it takes all that remains`
      names.push(parameter[1])
    } else if (/[{}*?#%\\]/.test(segment)) return `has "${segment}" in it; a segment is plain text, {name}, or {name...} at the end`
    else if (segment === '.' || segment === '..') return 'must not have dot segments'
  }
  return undefined
}
