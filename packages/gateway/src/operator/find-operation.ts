/** Which operation a request means. */
import type { Operation } from './operation.ts'
import { operations } from './operations.ts'
import { refused, type OrRefused } from './reply.ts'

export interface FoundOperation {
  readonly operation: Operation
  readonly params: { readonly [name: string]: string }
}

export function findOperation(method: string, path: string): OrRefused<FoundOperation> {
  const segments = path.split('/')
  const allow: string[] = []
  for (const operation of operations) {
    const params = matchPath(operation.path.split('/'), segments)
    if (params === undefined) continue
    if (operation.method === method) return { ok: true, value: { operation, params } }
    allow.push(operation.method)
  }
  if (allow.length > 0) return refused('method.not_allowed', { method, path, allow, issue: `${method} is not allowed here; ${allow.join(', ')} is` })
  return refused('route.unknown', { method, path, issue: `there is no ${path.slice(0, 200)}` })
}

function matchPath(pattern: readonly string[], segments: readonly string[]): { readonly [name: string]: string } | undefined {
  if (pattern.length !== segments.length) return undefined
  const params: Record<string, string> = {}
  for (const [at, expected] of pattern.entries()) {
    const segment = segments[at] ?? ''
    if (!expected.startsWith('{')) {
      if (expected !== segment) return undefined
      continue
    }
    try {
      params[expected.slice(1, -1)] = decodeURIComponent(segment)
    } catch {
      return undefined
    }
    if (segment === '') return undefined
  }
  return params
}
