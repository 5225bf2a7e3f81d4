/** A route's own steps, in the order that it declares: each gives a refusal, or nothing and the next one has its turn. */
import type { Clock } from '../admission/clock.ts'
import { applyOne, type Store } from '../admission/store.ts'
import { refuse, type Refusal } from '../contract/refusal.ts'
import { findBlockedWord } from './blocked-words.ts'
import type { RouteOptions, StepOptions } from './gate-options.ts'
import { fieldOf, parseJsonBody, refusedBody, refusedIssue } from './json-body.ts'
import { meterWithoutLimit, refusalOf, takesOf } from './stage.ts'
import type { Alert, CallInProgress } from './way-out.ts'

export type RunStep = (current: CallInProgress, route: RouteOptions, step: StepOptions) => Promise<Refusal | undefined>

export function createSteps(store: Store, clock: Clock, alert: Alert): RunStep {
  async function takeStage({ api, call, log }: CallInProgress, meters: readonly string[]): Promise<Refusal | undefined> {
    const { principal, requestId } = log
    const unlimited = meterWithoutLimit(api, meters, principal)
    if (unlimited !== undefined) {
      const cause = `nothing limits the meter ${unlimited} for the account ${principal?.account.id} on the plan ${principal?.account.plan}`
      alert('configuration', cause, requestId)
      return refuse('internal', {}, { cause })
    }
    const takes = takesOf(api, meters, principal, call.remoteAddress)
    if (takes.length === 0) return undefined
    const nowMs = clock.wallMs()
    try {
      const decision = await applyOne(store, { kind: 'admit', takes, nowMs })
      log.count(decision.readings, decision.admitted ? decision.receipts : [])
      return decision.admitted ? undefined : refusalOf(decision, takes, principal?.account.plan, nowMs)
    } catch (error) {
      // Limits that cannot be checked admit nobody.
      alert('store', error, requestId)
      return refuse('upstream.unavailable', {}, { cause: error })
    }
  }

  return async (current, route, step) => {
    if ('take' in step) return takeStage(current, step.take)
    const unread = await readJson(current, route)
    if (unread !== undefined) return unread
    if ('validate' in step) {
      const [issue] = step.validate(current.json)
      return issue && refusedIssue(issue)
    }
    return refusedWord(current, step.blockWords.field)
  }
}

/** Reads and parses the body once, whatever number of steps wants it. */
async function readJson(current: CallInProgress, route: RouteOptions): Promise<Refusal | undefined> {
  const { api, call } = current
  if (current.body !== undefined) return undefined
  const bytesMax = route.bodyBytesMax ?? api.bodyBytesMax
  const read = await call.readBody(bytesMax)
  if (read.kind !== 'complete') return refusedBody(read, bytesMax)
  const parsed = parseJsonBody(call.headers, read.bytes)
  if ('refusal' in parsed) return parsed.refusal
  current.body = read.bytes
  current.json = parsed.value
  return undefined
}

/** Which word it was stays private: the answer must not reveal the list. */
function refusedWord({ json, log }: CallInProgress, field: string): Refusal | undefined {
  const text = fieldOf(json, field)
  const word = typeof text === 'string' ? findBlockedWord(text, log.principal?.account.blockedWords ?? []) : undefined
  return word === undefined ? undefined : refuse('content.blocked', { field }, { source: 'client', cause: `blocked word: ${word}` })
}
