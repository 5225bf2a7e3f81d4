/** The meters that a step names: whether they are there, and whether the caller of its route can be counted there. */
import { kindOf } from 'tollgate/engine'
import type { Path } from '../read/config-problem.ts'
import { suggestion } from '../read/suggestion.ts'
import { toKind, type MeterShape } from '../shape/meter-shape.ts'
import { meterNamed, type StepContext } from './step-context.ts'
import type { NeedPlace } from './step-kind.ts'

export function checkMeter(name: string, path: Path, { meters, report }: StepContext): void {
  if (!meters.includes(name)) report(path, `no meter is called "${name}"${suggestion(name, meters)}`)
}

/** Where it counts for somebody who must be known. */
export function needsOfMeter(name: string, at: Path, context: StepContext): readonly NeedPlace[] {
  const meter = meterNamed(name, context)
  if (meter === undefined) return []
  const { per } = meter
  return [
    ...(per === 'ip' || per === 'resource' ? [] : [{ at, fault: `"${name}" counts per ${per}, but a public route knows no caller; use a meter per ip` }]),
    ...(occupies(meter) ? [{ at, fault: `"${name}" outlives its call, but a public route knows no account that it would belong to; take public: true away` }] : []),
  ]
}

/** Whether leases of a service's own may occupy it: sessions, stock. */
export function occupies(shape: MeterShape): boolean {
  const meter = toKind(shape)
  const kind = kindOf(meter)
  return kind.isDurable(meter) && kind.scaleOf(meter) === undefined
}
