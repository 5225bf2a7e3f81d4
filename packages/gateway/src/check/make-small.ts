/** The smallest request that still shows a fault, as far as requests are left for it. */
import type { AnswerFault, CheckRule } from './judge/answer-fault.ts'
import { judgeStep } from './judge/judge-step.ts'
import type { Values } from './probe-request.ts'
import { stepOf, type Probe, type ProbeStep, type Risk } from './probe.ts'
import type { PlayOptions } from './play-probe.ts'
import { smallerThan } from './shrink.ts'

/** A fault, and the probe whose answer has it. */
export interface SeenFault {
  readonly probe: Probe
  readonly fault: AnswerFault
  readonly entry: string | undefined
}

export interface MadeSmall {
  readonly probe: Probe
  /** Whether it is the smallest; else why not. */
  readonly shrunk: true | string
}

/** For one fault. */
const REQUESTS_MAX = 30

/** What is found by more than one answer, or by none, gets no smaller. */
const whole = new Set<CheckRule>(['not-charged', 'same-form', 'request-id-fresh', 'replay', 'at-once', 'head', 'succeeds', 'answered'])
/** Where nothing else tells that a smaller request is refused for the same cause, what provokes it stays. */
const byCause = new Set<CheckRule>(['entry', 'refused'])

export async function makeSmall(seen: SeenFault, allow: readonly Risk[], values: () => Values, options: PlayOptions): Promise<MadeSmall> {
  const { probe, fault } = seen
  const meant = probe.steps.at(-1)
  if (fault.isNote || whole.has(fault.rule) || meant === undefined || meant.times.kind !== 'once' || probe.steps.length > 1) return { probe, shrunk: 'as it was sent' }
  const unsafe = probe.mended.filter((risk) => !allow.includes(risk))
  if (unsafe.length > 0) return { probe, shrunk: `as it was sent: smaller ones may ${unsafe.join(' and ')} (--allow ${unsafe.join(',')})` }
  let smallest: ProbeStep = meant
  let candidates = smallerThan(smallest.request, byCause.has(fault.rule))
  for (let sent = 0; candidates.length > 0; sent += 1) {
    const [request, ...rest] = candidates
    if (request === undefined) break
    if (sent === REQUESTS_MAX || options.sender.left() < 1 || options.sender.stopped() !== undefined) return { probe: { ...probe, steps: [smallest] }, shrunk: 'not the smallest: no requests are left' }
    const step = stepOf(request, meant.expected)
    const isSame = await shows(step, seen, values(), options)
    await options.pause(options.paceMs)
    if (isSame) smallest = step
    candidates = isSame ? smallerThan(request, byCause.has(fault.rule)) : rest
  }
  return { probe: { ...probe, steps: [smallest] }, shrunk: true }
}

/** The same rule, place and entry. */
async function shows(step: ProbeStep, { fault: { rule, at }, entry }: SeenFault, values: Values, { sender, earlier }: PlayOptions): Promise<boolean> {
  const answer = await sender.send(step.request, values)
  const found = [...(answer.judged?.faults ?? []), ...judgeStep(step, [answer], { steps: [], probe: earlier }, sender.context)]
  return found.some((each) => each.rule === rule && each.at === at) && answer.judged?.entry?.id === entry
}
