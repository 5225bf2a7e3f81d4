/** Sends the steps of one probe, and judges their answers. */
import { valueAt, type Contract } from 'tollgate/contract'
import { faultOf, type AnswerFault } from './judge/answer-fault.ts'
import { judgeStep, type TriedAnswer } from './judge/judge-step.ts'
import { bodyText } from './probe-exchange.ts'
import { jsonOf, namesIn, type Values } from './probe-request.ts'
import type { ProbeSender } from './probe-sender.ts'
import { requestsOf, type Probe, type ProbeStep } from './probe.ts'

export interface PlayOptions {
  readonly sender: ProbeSender
  readonly paceMs: number
  readonly pause: (ms: number) => Promise<void>
  readonly signal: AbortSignal
  /** The last answer of an earlier probe. */
  readonly earlier: (id: string) => TriedAnswer | undefined
}

export interface Played {
  readonly last: TriedAnswer | undefined
  readonly faults: readonly AnswerFault[]
}

/** Ends at the first step on whose answer the next ones cannot build. */
export async function playProbe({ steps }: Probe, given: Values, options: PlayOptions): Promise<Played> {
  const { sender, paceMs, pause } = options
  const values: { [name: string]: string } = { ...given }
  const lasts: (TriedAnswer | undefined)[] = []
  const faults: AnswerFault[] = []
  for (const [at, step] of steps.entries()) {
    const missing = namesIn(step.request).find((name) => !Object.hasOwn(values, name))
    if (missing !== undefined) return { last: lasts.at(-1), faults: [...faults, faultOf('answered', 'the plan', `nothing stands for {{${missing}}}: no step before saves it, or what it is to save was not in the answer`)] }
    const answers = await sendStep(step, values, options)
    for (const answer of answers) sender.learn(answer, expectsFailure(step, sender.context.contract))
    const ofStep = judgeStep(step, answers, { steps: lasts, probe: options.earlier }, sender.context)
    faults.push(...answers.flatMap(({ judged }) => judged?.faults ?? []), ...ofStep)
    const last = answers.at(-1)
    lasts.push(last)
    if (at + 1 === steps.length || ofStep.length > 0 || last?.exchange.kind !== 'answered') break
    Object.assign(values, savedIn(step, bodyText(last.exchange.answer)))
    await pause(Math.max(step.thenWaitMs, paceMs))
  }
  return { last: lasts.at(-1), faults }
}

async function sendStep(step: ProbeStep, values: Values, { sender, paceMs, pause, signal }: PlayOptions): Promise<readonly TriedAnswer[]> {
  const count = requestsOf(step)
  if (step.times.kind === 'together') return Promise.all(Array.from({ length: count }, () => sender.send(step.request, values)))
  const answers: TriedAnswer[] = []
  while (answers.length < count && !(signal.aborted && answers.length > 0)) {
    if (answers.length > 0) await pause(paceMs)
    const answer = await sender.send(step.request, values)
    answers.push(answer)
    // What refuses is all that was wanted.
    if (answer.judged?.kind !== 'success') break
  }
  return answers
}

function expectsFailure({ expected }: ProbeStep, { entries }: Contract): boolean {
  return expected.kind === 'refusal' && expected.entries.some((id) => (entries.get(id)?.status ?? 0) >= 500)
}

function savedIn({ save }: ProbeStep, body: string): Values {
  const found = jsonOf(body)
  return Object.fromEntries(
    Object.entries(save).flatMap(([name, path]) => {
      const value = valueAt(found, path.split('.'))
      return typeof value === 'string' || typeof value === 'number' ? [[name, String(value)] as const] : []
    }),
  )
}
