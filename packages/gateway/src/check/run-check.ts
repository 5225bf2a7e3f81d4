/** The doing: probes are sent one after the other, what was refused is asked again, faults are made small. What is sent by, waited by and stopped by is passed in. */
import type { Contract } from 'tollgate/contract'
import type { CheckReport, CheckViolation, ProbeResult } from './check-report.ts'
import { coverageOf } from './coverage.ts'
import { toCurl, variablesIn } from './curl-lines.ts'
import type { AnswerFault, CheckRule } from './judge/answer-fault.ts'
import { formFaults, told, type TriedAnswer } from './judge/judge-step.ts'
import { makeSmall, type SeenFault } from './make-small.ts'
import { maskSecrets } from './mask-secrets.ts'
import { keysByName, type CheckPlan } from './plan/check-plan.ts'
import { playProbe, type PlayOptions } from './play-probe.ts'
import type { Transport } from './probe-exchange.ts'
import type { Values } from './probe-request.ts'
import { createProbeSender } from './probe-sender.ts'
import { requestsOfProbe, type Probe, type Risk, type Unprovoked } from './probe.ts'
import { readUsage, readingsFor, usageFaults } from './usage-watch.ts'
import { volatileHeaders } from './volatile-headers.ts'

export interface CheckRun {
  readonly contract: Contract
  readonly plan: CheckPlan
  readonly probes: readonly Probe[]
  readonly unprovoked: readonly Unprovoked[]
  /** Without a slash at its end. */
  readonly url: string
  readonly transport: Transport
  readonly requestsMax: number
  readonly paceMs: number
  readonly pause: (ms: number) => Promise<void>
  readonly signal: AbortSignal
  readonly nowMs: () => number
  /** Another one each time: for idempotency keys. */
  readonly freshText: () => string
  readonly allow: readonly Risk[]
  /** Rules that are not asked for. */
  readonly withoutRules: readonly CheckRule[]
  readonly onProbe: (result: ProbeResult, done: number, all: number) => void
}

export async function runCheck(run: CheckRun): Promise<CheckReport> {
  const { contract, plan, probes, signal, requestsMax, paceMs, pause } = run
  const secrets = keysByName(plan)
  const sender = createProbeSender({ ...run, secrets })
  const answers = new Map<string, TriedAnswer>()
  const results: ProbeResult[] = []
  const seen: SeenFault[] = []
  const unprovoked: Unprovoked[] = [...run.unprovoked]
  const failedCalls = new Set<string>()
  const playing: PlayOptions = { sender, paceMs, pause, signal, earlier: (id) => answers.get(id) }
  const volatile = volatileHeaders(contract)
  const values = (): Values => ({ ...secrets, fresh: run.freshText() })
  const breathe = (): Promise<void> => pause(paceMs)

  const last = probes.filter(({ id }) => id.startsWith('still-works/'))
  const ordered = probes.filter((probe) => !last.includes(probe))
  const reserved = last.reduce((sum, probe) => sum + requestsOfProbe(probe), 0)
  for (const [at, probe] of ordered.entries()) await tryProbe(probe, at)
  for (const probe of ordered) await askAgain(probe)
  for (const [at, probe] of last.entries()) await tryProbe(probe, ordered.length + at)
  const all = await violations()
  const real = all.filter(({ isNote }) => !isNote)
  const stopped = sender.stopped()
  return {
    url: run.url, contract: contract.name, verdict: real.length > 0 ? 'failed' : stopped === undefined ? 'passed' : 'stopped', stopped, requests: sender.requests(), requestsMax,
    probes: results, violations: real, notes: all.filter(({ isNote }) => isNote), entries: coverageOf(contract, sender.met), unprovoked,
  }

  async function tryProbe(probe: Probe, done: number): Promise<void> {
    const readings = readingsFor(plan, probe)
    const needed = requestsOfProbe(probe) + 2 * readings.length
    const why = sender.stopped() ?? (probe.call !== undefined && failedCalls.has(probe.call) ? `the call "${probe.call}" does not succeed` : sender.left() < needed ? 'no requests are left' : undefined)
    if (why !== undefined) return void unprovoked.push({ what: probe.id, why })
    const [startedMs, requests] = [run.nowMs(), sender.requests()]
    const before = await readUsage(readings, plan, values(), sender, breathe)
    const { last: answer, faults: found } = await playProbe(probe, values(), playing)
    if (signal.aborted && answer?.exchange.kind !== 'answered') return void unprovoked.push({ what: probe.id, why: 'stopped by a signal' })
    const isRefused = answer?.judged?.kind === 'refusal'
    const charged = isRefused ? usageFaults(readings, before, await readUsage(readings, plan, values(), sender, breathe)) : []
    const faults = wanted([...found, ...charged])
    if (answer !== undefined) answers.set(probe.id, answer)
    if (probe.call !== undefined && probe.id === `call/${probe.call}` && faults.some(({ rule }) => rule === 'succeeds')) failedCalls.add(probe.call)
    remember(probe, faults, answer)
    const result: ProbeResult = {
      id: probe.id, title: probe.title, outcome: outcomeOf(faults), told: answer === undefined ? 'nothing was sent' : told(answer),
      requests: sender.requests() - requests, durationMs: Math.round(run.nowMs() - startedMs), faults,
    }
    results.push(result)
    run.onProbe(result, done, probes.length)
    await breathe()
  }

  /** The same refusal twice, as far as requests are left for it. */
  async function askAgain(probe: Probe): Promise<void> {
    const first = answers.get(probe.id)
    const [step] = probe.steps
    if (sender.stopped() !== undefined || sender.left() <= reserved) return
    if (step === undefined || probe.steps.length > 1 || step.times.kind !== 'once' || step.expected.kind !== 'refusal' || probe.risks.length > 0) return
    if (first?.exchange.kind !== 'answered' || first.judged?.kind !== 'refusal') return
    const second = await sender.send(step.request, values())
    if (second.exchange.kind === 'answered') {
      const faults = wanted([...(second.judged?.faults ?? []), ...formFaults(first.exchange, second.exchange, volatile)])
      sender.learn(second, true)
      remember(probe, faults, second)
      const at = results.findIndex(({ id }) => id === probe.id)
      const result = results[at]
      if (result !== undefined && faults.length > 0) results[at] = { ...result, faults: wanted([...result.faults, ...faults]), outcome: outcomeOf([...result.faults, ...faults]) }
    }
    await breathe()
  }

  function remember(probe: Probe, faults: readonly AnswerFault[], answer: TriedAnswer | undefined): void {
    for (const fault of faults) seen.push({ probe, fault, entry: answer?.judged?.entry?.id })
  }

  function wanted(faults: readonly AnswerFault[]): readonly AnswerFault[] {
    const asked = faults.filter(({ rule }) => !run.withoutRules.includes(rule)).map((fault) => ({ ...fault, message: maskSecrets(fault.message, secrets) }))
    return [...new Map(asked.map((each) => [`${each.rule} ${each.at} ${each.message}`, each])).values()]
  }

  /** Of faults of one rule, place and entry: the first, made small. */
  async function violations(): Promise<readonly CheckViolation[]> {
    const groups = new Map<string, SeenFault[]>()
    for (const each of seen) {
      const key = `${each.fault.rule} ${each.fault.at} ${each.entry} ${each.fault.isNote}`
      groups.set(key, [...(groups.get(key) ?? []), each])
    }
    const found: CheckViolation[] = []
    for (const group of groups.values()) {
      const [first] = group
      if (first === undefined) continue
      const { probe, shrunk } = await makeSmall(first, run.allow, values, playing)
      const options = { url: run.url, credentials: plan.credentials.map(({ name }) => name) }
      found.push({ ...first.fault, entry: first.entry, probes: [...new Set(group.map((each) => each.probe.id))], variables: variablesIn(probe, options), curl: toCurl(probe, options), shrunk })
    }
    return found
  }
}

function outcomeOf(faults: readonly AnswerFault[]): ProbeResult['outcome'] {
  return faults.some(({ isNote }) => !isNote) ? 'failed' : 'passed'
}
