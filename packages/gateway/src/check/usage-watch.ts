/** What is used up, read around a refusal: it must not change. */
import { valueAt } from 'tollgate/contract'
import { faultOf, shown, type AnswerFault } from './judge/answer-fault.ts'
import { withCredential, type CheckPlan, type UsageReading } from './plan/check-plan.ts'
import { bodyText, receivedHeaders, type Answered } from './probe-exchange.ts'
import { jsonOf, type Values } from './probe-request.ts'
import type { ProbeSender } from './probe-sender.ts'
import type { Probe } from './probe.ts'

/** Readings of the credential that the probe uses, around a single refusal. */
export function readingsFor({ usage }: CheckPlan, { steps, credential: used }: Probe): readonly UsageReading[] {
  const [step] = steps
  const isRefusal = steps.length === 1 && step?.expected.kind === 'refusal' && step.times.kind === 'once'
  return isRefusal ? usage.filter(({ credential }) => credential !== undefined && credential === used) : []
}

/** What each reading says now; undefined where it does not say it. */
export async function readUsage(readings: readonly UsageReading[], plan: CheckPlan, values: Values, sender: ProbeSender, pause: () => Promise<void>): Promise<readonly (string | undefined)[]> {
  const said: (string | undefined)[] = []
  for (const reading of readings) {
    const { exchange, judged } = await sender.send(withCredential(reading.request, reading.credential, plan), values)
    said.push(exchange.kind === 'answered' && judged?.kind === 'success' ? usageIn(exchange, reading) : undefined)
    await pause()
  }
  return said
}

export function usageFaults(readings: readonly UsageReading[], before: readonly (string | undefined)[], after: readonly (string | undefined)[]): readonly AnswerFault[] {
  return readings.flatMap(({ at, headers }, index) => {
    const [then, now] = [before[index], after[index]]
    if (then === undefined || now === undefined || then === now) return []
    return [faultOf('not-charged', [...at, ...headers].join(', '), `the refusal changed what is used: ${then} before, ${now} after`)]
  })
}

function usageIn({ answer }: Answered, { at, headers }: UsageReading): string {
  const body = jsonOf(bodyText(answer))
  const received = receivedHeaders(answer)
  return [...at.map((path) => `${path} ${shown(valueAt(body, path.split('.')))}`), ...headers.map((name) => `${name} ${shown(received[name.toLowerCase()])}`)].join(', ')
}
