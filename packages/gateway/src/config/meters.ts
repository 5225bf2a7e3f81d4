/** Meters as the pipeline takes them. */
import { fromLocalMs, type Meter } from 'tollgate/admission'
import type { MeterOptions } from 'tollgate/server'
import type { ApiShape } from './api-shape.ts'
import { hasOffset, serviceFailures, type MeterShape } from './meter-shape.ts'
import { suggestion } from './nearest-name.ts'
import type { Path } from './problem.ts'
import type { Report } from './report.ts'

export function toMeter(shape: MeterShape): MeterOptions {
  const { per, ipv6Prefix, limit, inHeaders } = shape
  return { meter: toKind(shape), per, ...(ipv6Prefix !== undefined && { ipv6Prefix }), ...(limit !== undefined && { limit }), ...(inHeaders !== undefined && { inHeaders }) }
}

function toKind({ window: windowMs, algorithm, quota: period, anchor, timeZone, weekStart, balance, lease, counts = 'admitted', ...shape }: MeterShape): Meter {
  if (balance !== undefined) return { kind: 'balance', scale: balance.scale }
  if (lease !== undefined) return { kind: 'lease', of: lease }
  const uncountOn = shape.uncountOn ?? (period === undefined ? [] : serviceFailures)
  const counting = { counts, ...(uncountOn.length > 0 && { uncountOn }) }
  if (period !== undefined) {
    return {
      kind: 'quota',
      period,
      ...(anchor !== undefined && { anchorMs: hasOffset(anchor) ? Date.parse(anchor) : fromLocalMs(timeZone, Date.parse(`${anchor}Z`)) }),
      ...(timeZone !== undefined && { timeZone }),
      ...(weekStart !== undefined && { weekStart }),
      ...counting,
    }
  }
  return { kind: 'window', windowMs: windowMs ?? 0, ...(algorithm !== undefined && { algorithm }), ...counting }
}

/** `meters`: names as written, even of those that have problems of their own. */
export function checkUnauthenticatedMeter({ unauthenticatedMeter: name, ...api }: ApiShape, path: Path, meters: readonly string[], report: Report): void {
  if (name === undefined) return
  const place = [...path, 'unauthenticatedMeter']
  if (!meters.includes(name)) report(place, `no meter is called "${name}"${suggestion(name, meters)}`)
  const meter = Object.hasOwn(api.meters, name) ? api.meters[name] : undefined
  if (meter === undefined) return
  if (meter.per !== 'ip') report(place, `"${name}" counts per ${meter.per}, but of who is not known there is only the address; name a meter per ip`)
  else if (meter.lease !== undefined) report(place, `"${name}" holds what is alive; name a window or quota per ip`)
  else if (meter.limit === undefined && !report.isWritten([...path, 'meters', name, 'limit'])) report([...path, 'meters', name, 'limit'], `is missing: "${name}" is the unauthenticatedMeter, for callers without a plan; write limit: 100`)
}
