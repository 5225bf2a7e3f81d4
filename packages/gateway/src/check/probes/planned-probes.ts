/** What the plan spells out, and what is looked at when all is over. */
import { withCredential } from '../plan/check-plan.ts'
import { stepOf, type Probe } from '../probe.ts'
import { refusalBy } from '../acceptable.ts'
import { asItSucceeds, cheapestCall, probeOf, type ProbeSource } from './probe-source.ts'

export const plannedRefusals: ProbeSource = ({ contract, plan }) =>
  plan.refusals.map(({ name, before, request, credential, times, expect, risks }): Probe => {
    const prepared = before.map((step) => ({ ...stepOf(withCredential(step.request, step.credential, plan), { kind: 'success' }), save: step.save, thenWaitMs: step.thenWaitMs }))
    const meant = stepOf(withCredential(request, credential, plan), refusalBy(contract, expect), times === 'once' ? { kind: 'once' } : times)
    return { id: `refusal/${name}`, title: name, call: undefined, credential, steps: [...prepared, meant], risks, mended: ['create', 'cost'] }
  })

/** After all refusals the good credential still serves: nothing was locked. */
export const stillWorks: ProbeSource = (context) => {
  const call = cheapestCall(context)
  return call === undefined || !call.succeeds ? [] : [probeOf(call, 'still-works', 'the good credential, after all refusals', asItSucceeds(context, call), { kind: 'success' }, { risks: call.risks })]
}
