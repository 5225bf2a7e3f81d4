/** Holds a value against a node; what it breaks is added to `faults`. */
import type { Fault } from './fault.ts'
import { faultAt, type SchemaNode, type Visit } from './schema-node.ts'
import { Seen } from './seen.ts'

export function evaluate(node: SchemaNode, value: unknown, visit: Visit, faults: Fault[], seen: Seen | undefined): void {
  const { run } = visit
  run.left -= 1
  if (run.left < 0) return
  if (node.always !== undefined) {
    if (!node.always) faults.push(faultAt(visit, 'false schema', false))
    return
  }
  if (value === null && node.allowsNull) return
  const at = visit.scope.resource === node.resource ? visit : { ...visit, scope: { resource: node.resource, outer: visit.scope } }
  const before = faults.length
  // What is seen within this schema counts for its own `unevaluated…`; those of its cousins it must not know.
  const own = node.lastChecks.length > 0 ? new Seen() : seen
  for (const check of node.checks) {
    check(value, at, faults, own)
    if (run.isFirstOnly && faults.length > before) return
  }
  // A branch that failed has seen nothing: its fields would all be called unknown.
  if (node.lastChecks.length === 0 || faults.length > before) return
  for (const check of node.lastChecks) check(value, at, faults, own)
  if (own !== undefined) seen?.add(own)
}
