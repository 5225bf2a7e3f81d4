/** From the meters that a route names to a stage for this caller, and from its decision to a refusal or to headers. */
import type { Reading, StageDecision, Take } from '../admission/meter.ts'
import type { Facts } from '../contract/facts.ts'
import { refuse, type Refusal } from '../contract/refusal.ts'
import type { AnswerContext } from '../contract/wire.ts'
import type { ApiOptions, MeterOptions } from './gate-options.ts'
import type { Principal } from './identify.ts'

/** The takes of one stage. A meter that is unlimited for this caller takes no part. */
export function takesOf(api: ApiOptions, meters: readonly string[], principal: Principal | undefined, remoteAddress: string): readonly Take[] {
  const takes: Take[] = []
  for (const name of meters) {
    const options = api.meters[name]
    if (options === undefined) continue
    const subject = subjectOf(api, options.per, principal, remoteAddress)
    const limit = limitOf(api, name, options, principal)
    if (subject !== undefined && typeof limit === 'number') takes.push({ subject, name, meter: options.meter, limit, cost: 1 })
  }
  return takes
}

/**
 * A meter of the stage that nobody has given a limit for this caller: neither key, account, plan nor the meter itself, and the plan does not call it
 * unlimited either. Such a call must be refused; a plan that was renamed would else make its accounts unlimited.
 */
export function meterWithoutLimit(api: ApiOptions, meters: readonly string[], principal: Principal | undefined): string | undefined {
  return meters.find((name) => {
    const options = api.meters[name]
    return options === undefined || (principal !== undefined && limitOf(api, name, options, principal) === undefined)
  })
}

/** The nearest word wins: key, account, plan, meter. */
function limitOf(api: ApiOptions, name: string, options: MeterOptions, principal: Principal | undefined): number | 'unlimited' | undefined {
  const { key, account } = principal ?? {}
  const plan = account !== undefined && Object.hasOwn(api.plans, account.plan) ? api.plans[account.plan] : undefined
  for (const limits of [key?.limits, account?.limits, plan?.limits]) {
    if (limits !== undefined && Object.hasOwn(limits, name)) return limits[name]
  }
  return plan?.unlimited?.includes(name) === true ? 'unlimited' : options.limit
}

/** Accounts and keys belong to one API; addresses do not. */
function subjectOf(api: ApiOptions, per: MeterOptions['per'], principal: Principal | undefined, remoteAddress: string): string | undefined {
  switch (per) {
    case 'ip':
      return `ip:${api.name}:${remoteAddress}`
    case 'account':
      return principal && `account:${principal.account.id}`
    case 'user':
      return principal && `user:${principal.account.id}:${principal.key.userId ?? ''}`
    case 'key':
      return principal && `key:${principal.key.id}`
  }
}

/** What a refused stage tells the caller. `retryAfterMs` is when the whole stage would admit, not just the meter that is named. */
export function refusalOf(
  decision: Extract<StageDecision, { admitted: false }>,
  takes: readonly Take[],
  plan: string | undefined,
  nowMs: number,
): Refusal {
  const { refusedBy, retryAtMs } = decision
  const meter = takes.find((take) => take.name === refusedBy.name && take.subject === refusedBy.subject)?.meter
  const facts: Facts = {
    meter: refusedBy.name,
    limit: refusedBy.limit,
    used: refusedBy.used,
    remaining: refusedBy.remaining,
    resetAtMs: refusedBy.resetAtMs,
    ...(meter?.kind === 'window' && { windowMs: meter.windowMs }),
    ...(meter?.kind === 'quota' && { period: meter.period }),
    ...(plan !== undefined && { plan }),
    ...(retryAtMs !== undefined && { retryAfterMs: Math.max(0, retryAtMs - nowMs) }),
  }
  return refuse(refusedBy.kind === 'quota' ? 'quota.exhausted' : 'rate.limited', facts, { source: 'client' })
}

/** The limit that the rate headers report: the one with the least share left among those shown there. */
export function tightestLimit(api: ApiOptions, readings: readonly Reading[]): AnswerContext['limit'] {
  let tightest: Reading | undefined
  for (const reading of readings) {
    const shown = api.meters[reading.name]?.inHeaders ?? reading.kind === 'window'
    if (shown && (tightest === undefined || shareLeft(reading) < shareLeft(tightest))) tightest = reading
  }
  return tightest && { limit: tightest.limit, remaining: tightest.remaining, resetAtMs: tightest.resetAtMs }
}

function shareLeft(reading: Reading): number {
  return reading.limit === 0 ? 0 : reading.remaining / reading.limit
}
