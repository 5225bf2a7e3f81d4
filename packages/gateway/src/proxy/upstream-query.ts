/** Parameters that an upstream gets with every request: a key in the query, a version. The caller's own of these names are taken out. */
import { queryPairs } from 'tollgate/gate'

export type QueryParameters = readonly (readonly [name: string, value: string])[]

export function withParameters(target: string, parameters: QueryParameters): string {
  if (parameters.length === 0) return target
  const at = target.indexOf('?')
  const path = at === -1 ? target : target.slice(0, at)
  const sent = at === -1 ? [] : queryPairs(target.slice(at + 1))
  // Some servers read names without regard to case, so a caller's `KEY` would stand beside our `key`.
  const names = new Set(parameters.map(([name]) => name.toLowerCase()))
  const kept = sent.flatMap(({ name, raw }) => (names.has(name.toLowerCase()) ? [] : [raw]))
  const ours = parameters.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
  return `${path}?${[...kept, ...ours].join('&')}`
}
