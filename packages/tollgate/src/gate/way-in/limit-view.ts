/** Limits where no stage was reached: strangers are counted by their address, and refusals show the limits that their route has for whoever is known. */
import { whenKnown, type Awaitable } from '../../engine/awaitable.ts'
import type { Clock } from '../../engine/clock.ts'
import type { Counters } from '../../engine/counters.ts'
import type { Take } from '../../engine/meters/meter.ts'
import { headerSets } from '../../contract/values/rate-limit-headers.ts'
import type { Refusal } from '../../contract/declare/refusal.ts'
import type { Alert, CallInProgress, MatchedRoute } from '../call/call-in-progress.ts'
import type { ApiOptions } from '../gate-options.ts'
import { isShown } from '../steps/stage-refusal.ts'
import { prepareStage, type RunStage } from '../steps/take.ts'
import { takesOf } from '../steps/takes.ts'

export interface LimitView {
  /** Before the steps of a route that asks for no credential. */
  refusedStranger(current: CallInProgress, matched: MatchedRoute): Awaitable<Refusal | undefined>
  /** Before a refusal goes out: takes or reads the limits that its headers are to show. A refusal in return has the first word. */
  show(current: CallInProgress): Awaitable<Refusal | undefined>
  /** Reads them, and takes nothing. */
  look(current: CallInProgress): Awaitable<void>
}

export interface LimitViewTools {
  readonly store: Counters
  readonly clock: Clock
  readonly alert: Alert
  readonly owner: string | undefined
  /** What every route of the API takes of who is known. */
  readonly commonMeters: (api: ApiOptions) => readonly string[]
}

export function createLimitView({ store, clock, alert, owner, commonMeters }: LimitViewTools): LimitView {
  const stages = new Map<ApiOptions, RunStage>()
  const shown = new WeakMap<readonly string[], readonly string[]>()

  function stageOf(api: ApiOptions, meter: string): RunStage {
    const known = stages.get(api) ?? prepareStage({ take: [meter] }, api)
    stages.set(api, known)
    return known
  }

  /** A store that fails is no reason to say something else than was going to be said. */
  function takeStranger(current: CallInProgress): Awaitable<Refusal | undefined> {
    const { api, log } = current
    const name = api.unauthenticatedMeter
    if (name === undefined || log.principal !== undefined || log.readings.some((reading) => reading.name === name)) return undefined
    return stageOf(api, name)(current, { store, clock, alert, owner })
  }

  /**
   * Of the meters of its route. Where there is none, of those that all routes have, and if none of them limits the caller, of that of strangers: the
   * limits of single routes do not concern this call.
   */
  function takesToShow({ api, call, log, matched }: CallInProgress): readonly Take[] {
    const { principal } = log
    const takes = (meters: readonly string[]): readonly Take[] => takesOf(api, meters, principal, call.remoteAddress)
    if (matched !== undefined) return takes(shownOf(api, matched.plan.meters))
    const common = principal === undefined ? [] : takes(shownOf(api, commonMeters(api))).filter(({ unlimited }) => unlimited !== true)
    return common.length > 0 ? common : takes([api.unauthenticatedMeter ?? ''].filter((name) => isShown(api, name)))
  }

  /** Of meters that are always the same list. */
  function shownOf(api: ApiOptions, meters: readonly string[]): readonly string[] {
    const known = shown.get(meters)
    if (known !== undefined) return known
    const names = meters.filter((name) => isShown(api, name))
    shown.set(meters, names)
    return names
  }

  function readLimits(current: CallInProgress): Awaitable<void> {
    const { api, log } = current
    const { rateLimitHeaders } = api.contract.declaration
    if (rateLimitHeaders === undefined) return undefined
    const known = log.readings.filter(({ name }) => isShown(api, name))
    // One set of headers tells one limit.
    if (known.length > 0 && headerSets(rateLimitHeaders).length === 1) return undefined
    const all = takesToShow(current)
    const takes = known.length === 0 ? all : all.filter((take) => !known.some(({ name }) => name === take.name))
    return takes.length === 0 ? undefined : readTakes(current, takes)
  }

  async function readTakes({ log }: CallInProgress, takes: readonly Take[]): Promise<void> {
    try {
      log.count(await store.peek(takes, log.principal?.account.id), [])
    } catch (error) {
      alert('store', error, log.requestId)
    }
  }

  return {
    refusedStranger: (current, { plan }) => (plan.meters.includes(current.api.unauthenticatedMeter ?? '') ? undefined : takeStranger(current)),
    show: (current) =>
      whenKnown(takeStranger(current), (refusal) => {
        if (refusal !== undefined && refusal.reason !== 'upstream.unavailable') return refusal
        return whenKnown(readLimits(current), nothing)
      }),
    look: readLimits,
  }
}

function nothing(): undefined {
  return undefined
}
