/**
 * What is left of a configuration when the wrong pieces are set aside, so that a slip in one place does not hide those in others. It is only
 * checked, never run: pieces that must not be missing are replaced by stand-ins.
 */
import { valueAt } from 'tollgate/contract'
import { fileShape, type FileShape } from './file-shape.ts'
import { formatPath, type Path } from '../read/config-problem.ts'
import { toProblems } from '../read/shape-problem.ts'

export interface Remainder {
  readonly shape: FileShape
  /** Whether a stand-in is at this place, about which there is nothing to say. */
  isAside(path: Path): boolean
}

/** Each round cuts at least one piece out of a nesting this deep. */
const ROUNDS_MAX = 8

/** What must be there at the top, and harmless items of lists. */
const requiredParts: { readonly [part: string]: unknown } = { store: 'memory', upstreams: {}, apis: {} }
const harmlessItems: { readonly [list: string]: unknown } = { routes: { on: 'GET /', public: true }, steps: { blockWords: { field: 'text' } } }

export function remainderOf(data: unknown): Remainder | undefined {
  const rest = structuredClone(data)
  const aside = new Set<string>()
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const parsed = fileShape.safeParse(rest)
    if (parsed.success) return { shape: parsed.data, isAside: (path) => aside.has(formatPath(path)) }
    for (const { path } of toProblems(parsed.error.issues, rest)) cut(rest, path, aside)
  }
  return undefined
}

/** Takes away what stands at the path; where that is missing or an item of a list, what is around it. */
function cut(data: unknown, path: Path, aside: Set<string>): void {
  const last = path.at(-1)
  if (last === undefined) return
  const parent = holderOf(data, path.slice(0, -1))
  const list = path.at(-2)
  if (parent !== undefined && path.length === 1 && Object.hasOwn(requiredParts, last)) parent[last] = structuredClone(requiredParts[last])
  else if (parent === undefined || !Object.hasOwn(parent, last)) cut(data, path.slice(0, -1), aside)
  else if (typeof last === 'string') delete parent[last]
  else if (typeof list === 'string' && Object.hasOwn(harmlessItems, list)) {
    parent[last] = structuredClone(harmlessItems[list])
    aside.add(formatPath(path))
  } else cut(data, path.slice(0, -1), aside)
}

function holderOf(data: unknown, path: Path): Record<string | number, unknown> | undefined {
  const at = valueAt(data, path)
  return typeof at === 'object' && at !== null ? (at as Record<string | number, unknown>) : undefined
}
