/** `__proto__` as a name: objects cannot hold it without care, and the shape's check passes over it without a word. */
import type { ConfigProblem, Path } from './config-problem.ts'

/** No setting is nested so deep; a hostile body may be. */
const DEPTH_MAX = 64

export function unusableNames(data: unknown, path: Path = []): readonly ConfigProblem[] {
  if (path.length > DEPTH_MAX) return []
  if (Array.isArray(data)) return data.flatMap((item, at) => unusableNames(item, [...path, at]))
  if (typeof data !== 'object' || data === null) return []
  return Object.entries(data).flatMap(([name, value]) =>
    name === '__proto__' ? [{ path: [...path, name], message: 'nothing can have this name; choose another' }] : unusableNames(value, [...path, name]),
  )
}
