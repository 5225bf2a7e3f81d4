/** A plan → probes, in the order in which they are sent; and what can be done about those that may harm, cost too much, or are not wanted. Pure. */
import type { Contract } from 'tollgate/contract'
import type { CheckPlan } from '../plan/check-plan.ts'
import { groupOf, requestsOfProbe, type Probe, type Risk, type Unprovoked } from '../probe.ts'
import { badKeys, lackingCredit, lackingScope, missingKeys, overLimits, wrongScheme } from './credential-probes.ts'
import { idempotency } from './idempotency-probes.ts'
import { plannedRefusals, stillWorks } from './planned-probes.ts'
import type { ProbeSource } from './probe-source.ts'
import { baselines, brokenBodies, faultyFields, unknownIds, unknownPaths, wrongMethods } from './request-probes.ts'

const sources: readonly ProbeSource[] = [
  baselines, unknownPaths, missingKeys, badKeys, wrongScheme, wrongMethods, unknownIds, brokenBodies, faultyFields, lackingScope, lackingCredit, idempotency, plannedRefusals, overLimits, stillWorks,
]

/** What may be tried. */
export interface ProbeChoice {
  readonly allow: readonly Risk[]
  /** Patterns of probes: `missing-key`, `*\/ask`. Empty: all. */
  readonly only: readonly string[]
  readonly skip: readonly string[]
  readonly requestsMax: number
  /** Readings of usage around a probe. */
  readonly readings: (probe: Probe) => number
}

export interface PlannedProbes {
  readonly probes: readonly Probe[]
  readonly unprovoked: readonly Unprovoked[]
  /** Of the probes, at most. */
  readonly requests: number
}

/** All that the plan gives. */
export function probesOf(contract: Contract, plan: CheckPlan): readonly Probe[] {
  const all = sources.flatMap((source) => source({ contract, plan }))
  return [...new Map(all.map((probe) => [probe.id, probe])).values()]
}

export function chooseProbes(all: readonly Probe[], { allow, only, skip, requestsMax, readings }: ProbeChoice): PlannedProbes {
  const probes: Probe[] = []
  const unprovoked: Unprovoked[] = []
  let requests = 0
  for (const probe of all) {
    if ((only.length > 0 && !only.some((pattern) => fits(pattern, probe))) || skip.some((pattern) => fits(pattern, probe))) continue
    const unsafe = probe.risks.filter((risk) => !allow.includes(risk))
    const count = requestsOfProbe(probe) + readings(probe)
    if (unsafe.length > 0) unprovoked.push({ what: probe.id, why: `may ${riskWords(unsafe)}; allow it with --allow ${unsafe.join(',')}` })
    else if (requests + count > requestsMax) unprovoked.push({ what: probe.id, why: `needs ${count} more requests than --max-requests ${requestsMax} leaves` })
    else {
      requests += count
      probes.push(probe)
    }
  }
  return { probes, unprovoked, requests }
}

const words: { readonly [risk in Risk]: string } = { create: 'create something', cost: 'cost money', lock: 'lock somebody out for a while' }

export function riskWords(risks: readonly Risk[]): string {
  return risks.map((risk) => words[risk]).join(' and ')
}

/** A whole id, what it is about, or a pattern with stars. */
function fits(pattern: string, probe: Probe): boolean {
  if (pattern === probe.id || pattern === groupOf(probe)) return true
  return pattern.includes('*') && new RegExp(`^${pattern.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\/]/g, String.raw`\$&`)).join('.*')}$`).test(probe.id)
}
