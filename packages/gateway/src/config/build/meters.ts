/** Meters as the pipeline takes them. */
import { compact, type Contract, headerSets } from 'tollgate/contract'
import { kindOf } from 'tollgate/engine'
import type { MeterOptions } from 'tollgate/gate'
import type { ApiShape } from '../shape/api-shape.ts'
import { commonAllowance } from './allowances.ts'
import { limitUnits } from '../kinds/limit-units.ts'
import { toKind, type MeterShape } from '../shape/meter-shape.ts'
import { suggestion } from '../read/suggestion.ts'
import type { Path } from '../read/config-problem.ts'
import type { Report } from '../read/report.ts'

export function toMeter(shape: MeterShape): MeterOptions {
  const { per, ipv6Prefix, limit, inHeaders } = shape
  const meter = toKind(shape)
  const limited = limit === undefined ? commonAllowance(shape, meter) : limitUnits(undefined, meter, limit).units
  return compact({ meter, per, ipv6Prefix, limit: limited, inHeaders })
}

/** `meters`: names as written, even of those that have problems of their own. */
export function checkUnauthenticatedMeter({ unauthenticatedMeter: name, ...api }: ApiShape, path: Path, meters: readonly string[], report: Report): void {
  if (name === undefined) return
  const place = [...path, 'unauthenticatedMeter']
  if (!meters.includes(name)) report(place, `no meter is called "${name}"${suggestion(name, meters)}`)
  const meter = Object.hasOwn(api.meters, name) ? api.meters[name] : undefined
  if (meter === undefined) return
  if (meter.per !== 'ip') report(place, `"${name}" counts per ${meter.per}, but of who is not known there is only the address; name a meter per ip`)
  else if (kindOf(toKind(meter)).isHeld) report(place, `"${name}" holds what is alive; name a window or quota per ip`)
  else if (meter.limit === undefined && !report.isWritten([...path, 'meters', name, 'limit'])) report([...path, 'meters', name, 'limit'], `is missing: "${name}" is the unauthenticatedMeter, for callers without a plan; write limit: 100`)
}

/** A meter may name the set of rate headers that reports it. */
export function checkInHeaders({ meters }: ApiShape, contract: Contract, path: Path, report: Report): void {
  const { rateLimitHeaders } = contract.declaration
  const sets = headerSets(rateLimitHeaders).flatMap(({ of }) => of ?? [])
  for (const [name, { inHeaders }] of Object.entries(meters)) {
    if (typeof inHeaders !== 'string' || sets.includes(inHeaders)) continue
    const others = rateLimitHeaders === undefined ? '; it has no rate headers' : `; it has ${rateLimitHeaders === 'draft-11' ? 'one for every meter' : 'the main one only'}, so write true`
    report([...path, name, 'inHeaders'], `"${inHeaders}" is no set of rate headers of the contract${sets.length === 0 ? others : suggestion(inHeaders, sets)}`)
  }
}
