/** A route's own steps, in the order that it declares: each ends the call, or has nothing to say and the next one has its turn. */
import type { Clock } from '../admission/clock.ts'
import type { Store } from '../admission/store.ts'
import { refuse, type Refusal } from '../contract/refusal.ts'
import { findBlockedWord } from './blocked-words.ts'
import type { Alert, CallInProgress } from './call-in-progress.ts'
import type { StepOptions } from './gate-options.ts'
import { bindKey, type Replay } from './idempotency-step.ts'
import { fieldOf } from './json-body.ts'
import { refusedLease } from './lease-step.ts'
import { runLookup } from './lookup-step.ts'
import { readJson } from './request-body.ts'
import { runStage } from './stage-step.ts'
import type { LeaseOptions } from './step-options.ts'
import { refusedByStore } from './store-failure.ts'
import { takesOf } from './takes.ts'
import { refusedRequest } from './validate-step.ts'

export interface StepTools {
  readonly store: Store
  readonly clock: Clock
  readonly sha256Hex: (text: string) => string
  readonly alert: Alert
}

export type RunStep = (current: CallInProgress, step: StepOptions) => Promise<Refusal | Replay | undefined>

export function createSteps(tools: StepTools): RunStep {
  const { store, clock, alert } = tools

  async function readMeters({ api, call, log }: CallInProgress, meters: readonly string[]): Promise<undefined> {
    log.count(await store.peek(takesOf(api, meters, log.principal, call.remoteAddress)), [])
  }

  async function checkLease(current: CallInProgress, options: LeaseOptions): Promise<Refusal | undefined> {
    const lease = await store.lease(current.api.name, current.matched?.params[options.param] ?? '')
    return refusedLease(current, options, lease, clock.wallMs())
  }

  return async (current, step) => {
    if ('take' in step) return runStage(current, step, store, clock, alert)
    const failed = (error: unknown): Refusal => refusedByStore(error, alert, current.log.requestId)
    if ('read' in step) return readMeters(current, step.read).catch(failed)
    if ('lease' in step) return checkLease(current, step.lease).catch(failed)
    if ('idempotency' in step) return bindKey(current, step.idempotency, tools)
    if ('lookup' in step) return runLookup(current, step.lookup)
    if ('validate' in step) return refusedRequest(current, step.validate)
    const body = await readJson(current)
    if ('refusal' in body) return body.refusal
    return refusedWord(current, body.value, step.blockWords.field)
  }
}

/** Which word it was stays private: the answer must not reveal the list. */
function refusedWord({ log }: CallInProgress, body: unknown, field: string): Refusal | undefined {
  const text = fieldOf(body, field)
  const word = typeof text === 'string' ? findBlockedWord(text, log.principal?.account.blockedWords ?? []) : undefined
  return word === undefined ? undefined : refuse('content.blocked', { field, issue: 'contains blocked content' }, { source: 'client', cause: `blocked word: ${word}` })
}
