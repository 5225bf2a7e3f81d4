/** Steps that find what a request is about: the row of a table, a lease; and those that only show meters. */
import type { StepOptions } from 'tollgate/gate'
import { checkLeased } from './amounts.ts'
import { suggestion } from '../read/suggestion.ts'
import type { Path } from '../read/config-problem.ts'
import type { StepContext } from './route-context.ts'
import type { LeaseShape, LookupShape } from '../shape/step-shape.ts'
import { toKind } from '../shape/meter-shape.ts'
import { meterAt, occupies } from './take-step.ts'

export function buildLookup({ table, resource, field, param, leased }: LookupShape, path: Path, context: StepContext): StepOptions {
  const { tables, soFar, report } = context
  if (!tables.includes(table)) report([...path, 'table'], `no table is called "${table}"${suggestion(table, tables)}`)
  if (param !== undefined) checkParam(param, [...path, 'param'], context)
  if (leased !== undefined) checkLeasedResource(leased, [...path, 'leased'], context)
  soFar.table = table
  const by = field !== undefined ? 'field' : param !== undefined ? 'param' : 'leased'
  return { kind: 'lookup', table, resource, by, name: field ?? param ?? leased ?? '' }
}

function checkLeasedResource(name: string, path: Path, context: StepContext): void {
  checkLeased(name, path, context)
  const meter = Object.hasOwn(context.api.meters, name) ? context.api.meters[name] : undefined
  if (meter !== undefined && occupies(toKind(meter)) && meter.per !== 'resource') context.report(path, `"${name}" counts per ${meter.per}, so its units belong to no resource; name a lease meter per resource`)
}

export function buildLease({ param, allow }: LeaseShape, path: Path, context: StepContext): StepOptions {
  checkParam(param, [...path, 'param'], context)
  if (context.route.public) context.report(path, 'a public route knows no account whose leases it could look at')
  context.soFar.hasLease = true
  return { kind: 'lease', param, ...(allow !== undefined && { allow }) }
}

function checkParam(param: string, path: Path, { params, route, report }: StepContext): void {
  if (params?.includes(param) === false) report(path, `the path of ${route.on} has no {${param}}${params.length === 0 ? `; write one, such as /items/{${param}}` : suggestion(param, params)}`)
}

export function buildRead(names: readonly string[], path: Path, context: StepContext): StepOptions {
  for (const [at, name] of names.entries()) {
    const place = [...path, at]
    const { per } = meterAt(name, place, context) ?? {}
    if (names.indexOf(name) !== at) context.report(place, `"${name}" is read twice`)
    if (per === 'resource') context.report(place, `"${name}" counts per resource, and a read shows only meters of the caller`)
  }
  return { kind: 'read', meters: names }
}
