/** What a route is asked under: methods and a path pattern. */
import { parseRoutePattern } from 'tollgate/gate'
import { suggestion } from '../read/suggestion.ts'

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

export interface RouteOn {
  readonly methods: readonly string[]
  readonly path: string
}

export type OnRead = { readonly ok: true; readonly on: RouteOn } | { readonly ok: false; readonly fault: string }

/** `GET, POST /v1/items/{id}` */
export function parseOn(on: string): OnRead {
  const [, methodList, path] = /^([^/]*?)\s+(\/\S*)$/.exec(on.trim()) ?? []
  if (methodList === undefined || path === undefined) return { ok: false, fault: 'must be methods and a path, such as POST /v1/messages' }
  const methods = methodList === '*' ? METHODS : methodList.split(/\s*[,|]\s*/)
  const unknown = methods.find((method) => !METHODS.includes(method))
  if (unknown !== undefined) return { ok: false, fault: `has no method "${unknown}"${suggestion(unknown, METHODS)}` }
  const fault = faultOfPath(path)
  return fault === undefined ? { ok: true, on: { methods: [...new Set(methods)], path } } : { ok: false, fault }
}

/** The names in braces. */
export function paramNamesOf(path: string): readonly string[] {
  return parseRoutePattern(path).flatMap((segment) => (segment.kind === 'literal' ? [] : [segment.name]))
}

/** How other frameworks write a parameter, which is plain text here. */
export function foreignParamOf(path: string): string | undefined {
  for (const segment of path.split('/')) {
    const [, name] = /^:([A-Za-z_]\w*)\??$/.exec(segment) ?? /^<(?:\w+:)?([A-Za-z_]\w*)>$/.exec(segment) ?? /^\[([A-Za-z_]\w*)\]$/.exec(segment) ?? []
    if (name !== undefined) return `"${segment}" is plain text here, so that only a path with these very characters fits; a parameter is written {${name}}`
    const [, rest] = /^\[\.\.\.([A-Za-z_]\w*)\]$/.exec(segment) ?? []
    if (rest !== undefined) return `"${segment}" is plain text here; a parameter that takes all that remains is written {${rest}...}`
  }
  return undefined
}

function faultOfPath(path: string): string | undefined {
  const pattern = parseRoutePattern(path)
  const names: string[] = []
  for (const [at, segment] of pattern.entries()) {
    if (segment.kind === 'literal') {
      const { text } = segment
      if (/[{}*?#%\\]/.test(text)) return `has "${text}" in it; a segment is plain text, {name}, {name:encoded} where it takes encoded slashes, or {name...} at the end`
      if (text === '.' || text === '..') return 'must not have dot segments'
      if (text === '' && at < pattern.length - 1) return 'must not have empty segments'
      if (text.includes(';')) return `has "${text}" in it; a semicolon is refused in every path`
      continue
    }
    const { name, kind } = segment
    if (names.includes(name)) return `names {${name}} twice`
    if (kind === 'rest' && at < pattern.length - 1) return `has {${name}...} before the end; it takes all that remains`
    names.push(name)
  }
  return undefined
}
