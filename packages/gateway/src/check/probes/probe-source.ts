/** What gives probes: a few lines for each thing that can be wrong with a request. */
import type { Contract } from 'tollgate/contract'
import { withCredential, type CheckPlan, type PlannedCall } from '../plan/check-plan.ts'
import type { ProbeRequest } from '../probe-request.ts'
import { stepOf, type Expected, type Probe } from '../probe.ts'

export interface ProbeContext {
  readonly contract: Contract
  readonly plan: CheckPlan
}

export type ProbeSource = (context: ProbeContext) => readonly Probe[]

/** One request of a call, with the credential that it needs. */
export function probeOf(call: PlannedCall, group: string, title: string, request: ProbeRequest, expected: Expected, more: Partial<Probe> = {}): Probe {
  return { id: `${group}/${call.name}`, title, call: call.name, credential: call.credential, steps: [stepOf(request, expected)], risks: [], mended: call.risks, ...more }
}

export function asItSucceeds({ plan }: ProbeContext, call: PlannedCall, credential = call.credential): ProbeRequest {
  return withCredential(call.request, credential, plan)
}

/** The call that costs least to try credentials with: one that reads. */
export function cheapestCall({ plan }: ProbeContext): PlannedCall | undefined {
  const keyed = plan.calls.filter(({ credential }) => credential !== undefined)
  const order = (call: PlannedCall): number => (call.succeeds ? 0 : 4) + (call.risks.length === 0 ? 0 : 2) + (call.request.method === 'GET' ? 0 : 1)
  return keyed.toSorted((one, other) => order(one) - order(other))[0]
}
