/** The doing: probes are sent one after the other, their answers judged, violations made small. What is sent by, waited by and stopped by is passed in. */
import { valueAt, type Contract } from 'tollgate/contract'
import type { CheckReport, ProbeResult, CheckViolation } from './check-report.ts'
import { toCurl, variablesIn } from './curl-lines.ts'
import { coverageOf } from './coverage.ts'
import { receivedHeaders, bodyText, type ProbeExchange, type Transport } from './probe-exchange.ts'
import { faultOf, shown, type CheckRule, type AnswerFault } from './judge/answer-fault.ts'
import { judgeAnswer } from './judge/judge-answer.ts'
import type { JudgeContext } from './judge/judge-context.ts'
import { formFaults, judgeStep, told, type TriedAnswer } from './judge/judge-step.ts'
import { keysByName, withCredential, type CheckPlan, type UsageReading } from './plan/check-plan.ts'
import { volatileHeaders } from './volatile-headers.ts'
import { fillRequest, jsonOf, namesIn, type ProbeRequest, type Values } from './probe-request.ts'
import { requestsOf, requestsOfProbe, stepOf, type Probe, type Unprovoked } from './probe.ts'
import { smallerThan } from './shrink.ts'

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
  readonly allow: readonly string[]
  /** Rules that are not asked for. */
  readonly withoutRules: readonly CheckRule[]
  readonly onProbe: (result: ProbeResult, done: number, all: number) => void
}

/** So many answers of the API's own failure in a row are an outage, and probes make it worse. */
const STORM = 5
/** So many requests without an answer: nobody is there. */
const SILENCE = 3
/** For one violation. */
const SHRINK_REQUESTS_MAX = 30

/** What is found by more than one answer, or by none, gets no smaller. */
const whole = new Set<CheckRule>(['not-charged', 'same-form', 'request-id-fresh', 'replay', 'at-once', 'head', 'succeeds'])

interface Seen {
  readonly probe: Probe
  readonly fault: AnswerFault
  readonly entry: string | undefined
}

export async function runCheck(run: CheckRun): Promise<CheckReport> {
  const { contract, plan, probes, signal, requestsMax } = run
  const secrets = keysByName(plan)
  const url = new URL(run.url)
  const volatile = volatileHeaders(contract)
  const seenIds = new Set<string>()
  const answers = new Map<string, TriedAnswer>()
  const met = new Set<string>()
  const results: ProbeResult[] = []
  const seen: Seen[] = []
  const unprovoked: Unprovoked[] = [...run.unprovoked]
  const failedCalls = new Set<string>()
  const usage = new Map<UsageReading, string>()
  let requests = 0
  let storm = 0
  let silence = 0
  let stopped: string | undefined

  const context = (): JudgeContext => ({ contract, secrets: Object.values(secrets), ownHosts: [url.host, url.hostname, 'localhost', '127.0.0.1'].filter((host) => isHere(url) || host === url.host || host === url.hostname), seenIds })
  const left = (): number => requestsMax - requests

  async function send(request: ProbeRequest, values: Values): Promise<ProbeExchange> {
    requests += 1
    const exchange = await run.transport(fillRequest(request, values), signal)
    silence = exchange.kind === 'failed' ? silence + 1 : 0
    return exchange
  }

  /** Without counting what it teaches: ids, storms. */
  function judged(exchange: ProbeExchange): TriedAnswer {
    return { exchange, judged: exchange.kind === 'answered' ? judgeAnswer(exchange, context()) : undefined }
  }

  function learn({ exchange, judged: of }: TriedAnswer, expects5xx: boolean): void {
    if (exchange.kind !== 'answered') return
    const id = receivedHeaders(exchange.answer)[contract.requestIdHeader.toLowerCase()]
    if (id !== undefined) seenIds.add(id)
    if (of?.entry !== undefined) met.add(of.entry.id)
    storm = exchange.answer.status >= 500 && !expects5xx ? storm + 1 : 0
    if (storm >= STORM) stopped ??= `${STORM} answers with ${exchange.answer.status} in a row: the API is in trouble, and probes are no help`
  }

  /** Sends the steps of a probe. Stops at the first whose answer the next ones cannot build on. */
  async function play(probe: Probe): Promise<{ readonly last: TriedAnswer | undefined; readonly faults: readonly AnswerFault[]; readonly all: readonly TriedAnswer[] }> {
    const values: { [name: string]: string } = { ...secrets, fresh: run.freshText() }
    const lasts: (TriedAnswer | undefined)[] = []
    const all: TriedAnswer[] = []
    const faults: AnswerFault[] = []
    for (const [at, step] of probe.steps.entries()) {
      const missing = namesIn(step.request).find((name) => !Object.hasOwn(values, name))
      if (missing !== undefined) return { last: lasts.at(-1), all, faults: [...faults, faultOf('answered', 'the plan', `nothing stands for {{${missing}}}: no step before saves it, and no credential is called so`)] }
      const { times } = step
      const expects5xx = step.expected.kind === 'refusal' && step.expected.entries.some((id) => (contract.entries.get(id)?.status ?? 0) >= 500)
      const got: TriedAnswer[] = []
      if (times.kind === 'together') got.push(...(await Promise.all(Array.from({ length: times.count }, () => send(step.request, values)))).map(judged))
      else
        for (let count = 0; count < requestsOf(step); count += 1) {
          const answer = judged(await send(step.request, values))
          got.push(answer)
          // What refuses is all that was wanted.
          if (answer.judged?.kind !== 'success' || signal.aborted) break
          if (count + 1 < requestsOf(step)) await run.pause(run.paceMs)
        }
      for (const answer of got) learn(answer, expects5xx)
      all.push(...got)
      const own = got.flatMap((answer) => answer.judged?.faults ?? [])
      const stepFaults = judgeStep(step, got, { steps: lasts, probe: (id) => answers.get(id) }, context())
      faults.push(...own, ...stepFaults)
      const last = got.at(-1)
      lasts.push(last)
      if (at + 1 < probe.steps.length && (stepFaults.length > 0 || last?.exchange.kind !== 'answered')) break
      if (last?.exchange.kind === 'answered') {
        const body = jsonOf(bodyText(last.exchange.answer))
        for (const [name, path] of Object.entries(step.save)) {
          const value = valueAt(body, path.split('.'))
          if (typeof value === 'string' || typeof value === 'number') values[name] = String(value)
        }
      }
      if (at + 1 < probe.steps.length) await run.pause(Math.max(step.thenWaitMs, run.paceMs))
    }
    return { last: lasts.at(-1), all, faults }
  }

  async function readUsage(probe: Probe): Promise<readonly AnswerFault[]> {
    const faults: AnswerFault[] = []
    for (const reading of readingsFor(plan, probe)) {
      const request = withCredential(reading.request, reading.credential, plan)
      const exchange = await send(request, { ...secrets, fresh: run.freshText() })
      if (exchange.kind !== 'answered') continue
      const now = usageIn(exchange, reading)
      const before = usage.get(reading)
      usage.set(reading, now)
      if (before !== undefined && before !== now) faults.push(faultOf('not-charged', [...reading.at, ...reading.headers].join(', '), `the refusal changed what is used: ${before} before, ${now} after`))
      await run.pause(run.paceMs)
    }
    return faults
  }

  function withoutThose(faults: readonly AnswerFault[]): readonly AnswerFault[] {
    const wanted = faults.filter(({ rule }) => !run.withoutRules.includes(rule))
    return [...new Map(wanted.map((each) => [`${each.rule} ${each.at} ${each.message}`, each])).values()]
  }

  async function runProbe(probe: Probe, doneBefore: number): Promise<void> {
    const startedMs = run.nowMs()
    const before = requests
    const isReading = readingsFor(plan, probe).length > 0
    if (isReading) for (const reading of readingsFor(plan, probe)) usage.delete(reading)
    if (isReading) await readUsage(probe)
    const { last, faults: found, all } = await play(probe)
    if (signal.aborted && last?.exchange.kind !== 'answered') return
    const charged = isReading && last?.judged?.kind === 'refusal' ? await readUsage(probe) : []
    const faults = withoutThose([...found, ...charged])
    if (last !== undefined) answers.set(probe.id, last)
    if (probe.id.startsWith('call/') && faults.some(({ rule }) => rule === 'succeeds') && probe.call !== undefined) failedCalls.add(probe.call)
    for (const each of faults) seen.push({ probe, fault: each, entry: last?.judged?.entry?.id })
    const result: ProbeResult = {
      id: probe.id, title: probe.title, outcome: faults.some(({ isNote }) => !isNote) ? 'failed' : 'passed',
      told: all.length === 0 ? 'nothing was sent' : told(all.at(-1) ?? { exchange: { kind: 'failed', request: emptyRequest, fault: 'nothing was sent' }, judged: undefined }), requests: requests - before, durationMs: Math.round(run.nowMs() - startedMs), faults,
    }
    results.push(result)
    run.onProbe(result, doneBefore, probes.length)
  }

  const last = probes.filter(({ id }) => id.startsWith('still-works/'))
  const ordered = probes.filter((probe) => !last.includes(probe))
  for (const [at, probe] of [...ordered].entries()) {
    const needed = requestsOfProbe(probe) + 2 * readingsFor(plan, probe).length
    const why = stopped ?? (signal.aborted ? 'stopped by a signal' : probe.call !== undefined && failedCalls.has(probe.call) ? `the call "${probe.call}" does not succeed` : left() < needed ? 'no requests are left' : undefined)
    if (why !== undefined) {
      unprovoked.push({ what: probe.id, why })
      continue
    }
    await runProbe(probe, at)
    if (silence >= SILENCE || (silence > 0 && answers.size <= 1 && [...answers.values()].every(({ exchange }) => exchange.kind === 'failed'))) stopped ??= 'the API does not answer'
    await run.pause(run.paceMs)
  }

  await askAgain()
  for (const probe of last) if (stopped === undefined && !signal.aborted && left() >= requestsOfProbe(probe) && !failedCalls.has(probe.call ?? '')) await runProbe(probe, ordered.length)
  const all = await violations()
  if (signal.aborted) stopped ??= 'stopped by a signal'
  const real = all.filter(({ isNote }) => !isNote)
  return {
    url: run.url, contract: contract.name, verdict: real.length > 0 ? 'failed' : stopped === undefined ? 'passed' : 'stopped', stopped, requests, requestsMax,
    probes: results, violations: real, notes: all.filter(({ isNote }) => isNote), entries: coverageOf(contract, met), unprovoked,
  }

  /** The same refusal twice, as far as requests are left for it. */
  async function askAgain(): Promise<void> {
    for (const probe of ordered) {
      const first = answers.get(probe.id)
      const [step] = probe.steps
      if (stopped !== undefined || signal.aborted || left() <= last.length) return
      if (step === undefined || probe.steps.length > 1 || step.times.kind !== 'once' || step.expected.kind !== 'refusal' || probe.risks.length > 0) continue
      if (first?.exchange.kind !== 'answered' || first.judged?.kind !== 'refusal') continue
      const exchange = await send(step.request, { ...secrets, fresh: run.freshText() })
      const second = judged(exchange)
      if (exchange.kind !== 'answered') continue
      const faults = withoutThose([...(second.judged?.faults ?? []), ...formFaults(first.exchange, exchange, volatile)])
      learn(second, true)
      for (const each of faults) seen.push({ probe, fault: each, entry: second.judged?.entry?.id })
      const at = results.findIndex(({ id }) => id === probe.id)
      const result = results[at]
      if (result !== undefined && faults.length > 0) results[at] = { ...result, outcome: faults.some(({ isNote }) => !isNote) ? 'failed' : result.outcome, faults: withoutThose([...result.faults, ...faults]) }
      await run.pause(run.paceMs)
    }
  }

  /** Of faults that are one fault: the first, made small. */
  async function violations(): Promise<readonly CheckViolation[]> {
    const groups = new Map<string, Seen[]>()
    for (const each of seen) {
      const key = `${each.fault.rule} ${each.fault.at} ${each.entry} ${each.fault.isNote}`
      groups.set(key, [...(groups.get(key) ?? []), each])
    }
    const found: CheckViolation[] = []
    for (const [first, ...others] of groups.values()) {
      if (first === undefined) continue
      const { probe, shrunk } = await shrink(first)
      const names = plan.credentials.map(({ name }) => name)
      const options = { url: run.url, credentials: names }
      found.push({
        ...first.fault, message: masked(first.fault.message), entry: first.entry,
        probes: [...new Set([first, ...others].map((each) => each.probe.id))], variables: variablesIn(probe, options), curl: toCurl(probe, options), shrunk,
      })
    }
    return found
  }

  async function shrink({ probe, fault: { rule, at, isNote }, entry }: Seen): Promise<{ readonly probe: Probe; readonly shrunk: true | string }> {
    const meant = probe.steps.at(-1)
    if (isNote || whole.has(rule) || meant === undefined || meant.times.kind !== 'once' || probe.steps.length > 1) return { probe, shrunk: 'as it was sent' }
    const unsafe = probe.mended.filter((risk) => !run.allow.includes(risk))
    if (unsafe.length > 0) return { probe, shrunk: `as it was sent: smaller ones may ${unsafe.join(' and ')} (--allow ${unsafe.join(',')})` }
    let smallest = meant
    const keepsCause = rule === 'entry' || rule === 'refused'
    let budget = Math.min(SHRINK_REQUESTS_MAX, left())
    for (let candidates = [...smallerThan(smallest.request, keepsCause)]; candidates.length > 0; ) {
      const [request, ...rest] = candidates
      if (request === undefined) break
      if (budget < 1 || stopped !== undefined || signal.aborted) return { probe: { ...probe, steps: [smallest] }, shrunk: 'not the smallest: no requests are left' }
      budget -= 1
      const step = stepOf(request, meant.expected)
      const answer = judged(await send(request, { ...secrets, fresh: run.freshText() }))
      const again = [...(answer.judged?.faults ?? []), ...judgeStep(step, [answer], { steps: [], probe: (id) => answers.get(id) }, context())]
      await run.pause(run.paceMs)
      if (again.some((each) => each.rule === rule && each.at === at) && answer.judged?.entry?.id === entry) {
        smallest = step
        candidates = [...smallerThan(smallest.request, keepsCause)]
      } else candidates = rest
    }
    return { probe: { ...probe, steps: [smallest] }, shrunk: true }
  }

  /** What came from the API may say a secret: that is what a fault is about, and no reason to say it again. */
  function masked(text: string): string {
    return Object.entries(secrets).reduce((so, [name, secret]) => (secret.length < 4 ? so : so.replaceAll(secret, `<${name}>`)), text)
  }
}

const emptyRequest: ProbeRequest = { method: 'GET', path: '/', headers: [], body: { kind: 'none' } }

/** Readings of the credential that the probe uses, around a single refusal. */
export function readingsFor({ usage }: CheckPlan, probe: Probe): readonly UsageReading[] {
  const [step] = probe.steps
  const isRefusal = probe.steps.length === 1 && step?.expected.kind === 'refusal' && step.times.kind === 'once'
  return isRefusal ? usage.filter(({ credential }) => credential !== undefined && credential === probe.credential) : []
}

function usageIn(exchange: Extract<ProbeExchange, { kind: 'answered' }>, { at, headers }: UsageReading): string {
  const body = jsonOf(bodyText(exchange.answer))
  const received = receivedHeaders(exchange.answer)
  return [...at.map((path) => `${path} ${shown(valueAt(body, path.split('.')))}`), ...headers.map((name) => `${name} ${shown(received[name.toLowerCase()])}`)].join(', ')
}

function isHere({ hostname }: URL): boolean {
  return hostname === 'localhost' || hostname.startsWith('127.') || hostname === '[::1]'
}
