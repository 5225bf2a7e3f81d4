import type { Path } from './config-problem.ts'

/** No setting is nested so deep. */
const DEPTH_MAX = 200

/** Where data contains itself, or is nested too deep to be read; undefined: nowhere. A file cannot say it, an object of a program can. */
export function circleIn(data: unknown): Path | undefined {
  const above = new Set<object>()
  const done = new Set<object>()
  const look = (value: unknown, path: Path): Path | undefined => {
    if (typeof value !== 'object' || value === null || done.has(value)) return undefined
    if (above.has(value) || path.length > DEPTH_MAX) return path
    above.add(value)
    for (const [name, item] of Object.entries(value)) {
      const found = look(item, [...path, Array.isArray(value) ? Number(name) : name])
      if (found !== undefined) return found
    }
    above.delete(value)
    done.add(value)
    return undefined
  }
  return look(data, [])
}
