/**
 * The mind of a mock: a request comes in, what is to be answered goes out, and what the client did is remembered. It touches nothing outside: whoever serves it
 * says what time it is and when an answer has ended. Chance follows from the seed.
 *
 *   on demand (header, query, path) → tokens → what is kept under the idempotency key → the rules → a success
 */
import type { Contract } from '../../contract/declare/contract.ts'
import type { AnswerContext } from '../../contract/declare/wire.ts'
import { valueAt } from '../../contract/read/value-at.ts'
import { answerStep } from './answer-step.ts'
import { joinNewKeys } from './join-new-keys.ts'
import type { MockCall } from './mock-attempt.ts'
import { createMockKeys } from './mock-keys.ts'
import { createMockMemory } from './mock-memory.ts'
import type { AnswerMaterial, MockAnswer, MockPlan, MockRequest } from './mock-plan.ts'
import { toReport, type MockReport } from './mock-report.ts'
import type { MockScript, MockStep } from './mock-script.ts'
import { createTokenBook } from './mock-tokens.ts'
import { nextStep, toPlayable } from './next-step.ts'
import { demandInQuery, demandOfPath, MOCK_PREFIX, parseDemand, type Demand } from './on-demand.ts'
import { plainly, replayed, tokenAnswer } from './own-answers.ts'
import { parseRequestPattern } from './request-pattern.ts'
import { createSeededRandom, seededBytes } from './seeded-random.ts'
import { seeRequest, type SeenRequest } from './seen-request.ts'
import { isRefusing } from './step-refusal.ts'

/** When: for waits, and for dates. */
export interface MockInstant {
  readonly monotonicMs: number
  readonly wallMs: number
}

/** What a mock is to whoever serves it. */
export interface MockCore {
  begin(request: MockRequest, now: MockInstant): MockPlan
  /** The answer is out, as it was planned, or its client had gone before. */
  ended(attempt: number, how: 'sent' | 'gone', monotonicMs: number): void
  calls(): readonly MockCall[]
  /** `isOver`: no more requests will come. */
  report(monotonicMs: number, isOver: boolean): MockReport
  /** As if it had just been made. */
  reset(): void
}

const DEFAULT_KEY = 'idempotency-key'
const PATIENCE_MS = 60_000
const ATTEMPTS_MAX = 10
/** One that begins anew for each call is many. */
const LISTS_MAX = 50_000

export function createMockCore(contract: Contract, script: MockScript): MockCore {
  const rules = toPlayable(script.rules ?? [])
  const seed = script.seed ?? 1
  const paid = script.paid === undefined ? undefined : parseRequestPattern(script.paid)
  const keyed = script.idempotency?.on === undefined ? undefined : parseRequestPattern(script.idempotency.on)
  const tokenPlace = script.tokens === undefined ? undefined : parseRequestPattern(script.tokens.on)
  const keyHeader = (script.idempotency?.header ?? contract.declaration.idempotencyKey ?? DEFAULT_KEY).toLowerCase()
  const anew = () => ({
    memory: createMockMemory(),
    random: createSeededRandom(seed),
    /** How often each list has spoken. */
    served: new Map<string, number>(),
    keys: createMockKeys(),
    tokens: script.tokens === undefined ? undefined : createTokenBook(script.tokens),
    /** What is to be kept under a key when the first answer has ended. */
    pending: new Map<number, { readonly key: string; readonly answer: MockAnswer }>(),
  })
  let state = anew()
  let nextAttempt = 1

  function demandOf({ request: { target }, headers, path }: SeenRequest): Demand | undefined {
    const [, query = ''] = target.split(/\?(.*)/s, 2)
    const said = headers['tollgate-mock'] ?? demandInQuery(query)
    if (said !== undefined) return parseDemand(contract, said)
    return path.startsWith(MOCK_PREFIX) ? demandOfPath(contract, path, query) : undefined
  }

  function answer(seen: SeenRequest, call: number, now: MockInstant): MockAnswer {
    const { random, tokens, served } = state
    const { request: { method }, path, headers, json } = seen
    const context: AnswerContext = {
      requestId: contract.mintRequestId(seededBytes(random, 16)), nowMs: now.wallMs, acceptLanguage: headers['accept-language'], request: (at) => valueAt(json, at.split('.')),
    }
    const asksForStream = valueAt(json, ['stream']) === true || /\btext\/event-stream\b/i.test(headers['accept'] ?? '')
    const material: AnswerMaterial = { contract, script, context, method, path, asksForStream }
    // One for each request, whatever becomes of it: the next one's chances do not hang on this one's way.
    const draw = random()

    const demand = demandOf(seen)
    if (demand?.kind === 'fault') return plainly(400, `${demand.words}\n`)
    if (demand !== undefined) {
      const step = stepOfDemand(demand.step, call)
      return isSuccess(step) ? succeed(seen, material, step) : answerStep(material, step)
    }
    if (tokens !== undefined && tokenPlace?.matches(method, path) === true) return tokenAnswer(tokens.issue(now.monotonicMs))
    if (tokens !== undefined) {
      const found = tokens.use(seen.credential, now.monotonicMs)
      if (found !== 'good') return answerStep(material, { reason: found === 'missing' ? 'credential.missing' : 'token.expired' })
    }
    const kept = keptUnderKey(seen, material)
    if (kept !== undefined) return kept
    const next = nextStep(rules, { method, path, call, draw }, served)
    if (next?.list !== undefined) count(next.list)
    const step = next?.step ?? {}
    return isSuccess(step) ? succeed(seen, material, step) : answerStep(material, step)
  }

  /** `times`: so often for each call, and then a success. */
  function stepOfDemand(step: MockStep, call: number): MockStep {
    if (step.times === undefined) return step
    return count(`demand:${call}`) <= step.times ? step : {}
  }

  /** How often a list has spoken now. */
  function count(list: string): number {
    const { served } = state
    const times = (served.get(list) ?? 0) + 1
    served.set(list, times)
    // The oldest calls are forgotten in any case.
    if (served.size > LISTS_MAX) for (const oldest of [...served.keys()].slice(0, LISTS_MAX / 10)) served.delete(oldest)
    return times
  }

  /** What was answered under the same key before, or why it is not answered again. */
  function keptUnderKey({ key, print }: SeenRequest, material: AnswerMaterial): MockAnswer | undefined {
    if (script.idempotency === undefined || key === undefined) return undefined
    const found = state.keys.look(key, print)
    if (found.kind === 'new') return undefined
    return found.kind === 'replay' ? replayed(found.answer, contract, material.context) : answerStep(material, { reason: found.reason })
  }

  function succeed(seen: SeenRequest, material: AnswerMaterial, step: MockStep): MockAnswer {
    const { key, print, request: { method }, path } = seen
    if (script.idempotency === undefined) return answerStep(material, step)
    if (key === undefined) {
      const needs = script.idempotency.required === true && (keyed?.matches(method, path) ?? (method !== 'GET' && method !== 'HEAD'))
      return answerStep(material, needs ? { reason: 'idempotency.missing' } : step)
    }
    const kept = keptUnderKey(seen, material)
    if (kept !== undefined) return kept
    const made = answerStep(material, step)
    if (made.isDone) {
      state.keys.begin(key, print)
      // Whole, though its first sending may break.
      state.pending.set(nextAttempt, { key, answer: answerStep(material, { ...step, cut: undefined, lengthOff: undefined, drop: undefined, delayMs: undefined }) })
    }
    return made
  }

  return {
    begin(request, now) {
      const seen = seeRequest(request, keyHeader)
      const { key, credential, print, headers, path } = seen
      const arrival = { method: request.method, path, idempotencyKey: key, bodyBytes: request.body.length, print, arrivedMs: now.monotonicMs }
      // A layer beneath an SDK that repeats counts for itself.
      const signs = { named: headers['tollgate-mock-call'], saysFirst: headers['x-stainless-retry-count'] === '0' && headers['tollgate-attempt'] === undefined }
      // A look at an answer is no call: 0 is none that could be repeated.
      const isLook = signs.named === 'off'
      const call = isLook ? 0 : state.memory.place({ ...arrival, ...signs })
      const { played, isStream, events, isDone, isBroken, ...plan } = answer(seen, call, now)
      const id = nextAttempt++
      const isReplay = played.kind === 'success' && played.isReplay
      const isPaid = isDone && !isReplay && (played.kind === 'success' || played.kind === 'dropped') && paid?.matches(request.method, path) === true
      if (!isLook) state.memory.add(call, { ...arrival, id, ending: isBroken ? 'cut' : undefined, credential, played, isStream, events, isDone: isDone && !isReplay, isPaid }, signs)
      return { attempt: id, ...plan }
    },
    ended(attempt, how, monotonicMs) {
      const kept = state.pending.get(attempt)
      state.pending.delete(attempt)
      if (kept !== undefined) state.keys.keep(kept.key, kept.answer)
      state.memory.ended(attempt, how, monotonicMs)
    },
    calls: () => joinNewKeys(state.memory.calls()),
    report(monotonicMs, isOver) {
      const { memory, tokens } = state
      return toReport({
        contract: contract.name, seed, calls: joinNewKeys(memory.calls()), expect: script.expect ?? [], forgotten: memory.forgotten(), nowMs: monotonicMs, isOver,
        patienceMs: script.patienceMs ?? PATIENCE_MS, attemptsMax: script.attemptsMax ?? ATTEMPTS_MAX,
        tokens: tokens === undefined ? undefined : { issued: tokens.issued(), wasted: tokens.wasted() },
      })
    },
    reset() {
      state = anew()
    },
  }
}

function isSuccess({ entry, code, reason, raw, status }: MockStep): boolean {
  return entry === undefined && code === undefined && reason === undefined && raw === undefined && !isRefusing(status)
}
