/** From the meters that a route names to the takes of a stage: for whom, up to which limit, how much. */
import { identityOf } from '../../directory/api-key.ts'
import { kindOf } from '../../engine/kinds/kinds.ts'
import { UNLIMITED, type Meter, type Take } from '../../engine/meters/meter.ts'
import { ownLimitUnits } from '../../engine/meters/own-limit.ts'
import type { Lease } from '../../engine/calls/lease-record.ts'
import { formatSubject } from '../../engine/subject.ts'
import { refuse } from '../../contract/declare/refusal.ts'
import type { FoundRow } from '../call/call-in-progress.ts'
import type { ApiOptions, MeterOptions } from '../gate-options.ts'
import { networkOf } from '../way-in/ip-address.ts'
import type { Principal } from '../way-in/principal.ts'
import { countOf, priceOf, type Figures } from '../price/quantity.ts'
import type { Amount, TakeOptions } from './step-options.ts'
import type { OrRefusal } from '../or-refusal.ts'

/** Whom a stage is for. */
export interface Asker {
  readonly api: ApiOptions
  readonly principal: Principal | undefined
  readonly remoteAddress: string
  readonly found?: FoundRow | undefined
  readonly lease?: Lease | undefined
}

/**
 * For a look at meters without a request: each take costs one unit, and money costs nothing.
 *
 * @example
 * const readings = await store.peek(takesOf(api, ['daily'], undefined, '203.0.113.7'))
 */
export function takesOf(api: ApiOptions, meters: readonly string[], principal: Principal | undefined, remoteAddress: string): readonly Take[] {
  const asker = { api, principal, remoteAddress }
  const takes: Take[] = []
  for (const name of meters) {
    const options = Object.hasOwn(api.meters, name) ? api.meters[name] : undefined
    const subject = options && subjectOf(asker, options)
    if (options === undefined || subject === undefined) continue
    const limit = limitOf(asker, name, options)
    if (limit !== undefined) takes.push({ subject, name, meter: options.meter, ...toLimit(limit), cost: kindOf(options.meter).scaleOf(options.meter) === undefined ? 1 : 0 })
  }
  return takes
}

/**
 * The takes of one stage for this request. A meter that does not concern the caller is left out. A meter without a limit
 * still counts: its usage is shown, and a lease must remember what it occupies.
 */
export function stageTakes(asker: Asker, stage: readonly (string | TakeOptions)[], figures: Figures): OrRefusal<{ readonly takes: readonly Take[] }> {
  const takes: Take[] = []
  // One price for the call: what counts money besides counts what is paid.
  const paid = stage.map(toTakeOptions).find(({ price }) => price !== undefined)
  for (const take of stage) {
    const { meter: name, reserve, cost = reserve ?? 1, price: ofOwn, limit: ofTake } = toTakeOptions(take)
    const options = asker.api.meters[name]
    const subject = options && subjectOf(asker, options)
    if (options === undefined || subject === undefined) continue
    const price = ofOwn ?? (kindOf(options.meter).scaleOf(options.meter) === undefined ? undefined : paid?.price)
    const limit = limitOf(asker, name, options, ofTake)
    if (limit === undefined) return refuse('internal', {}, { cause: unlimitedCause(asker, name) })
    const counted = price === undefined ? countOf(cost, figures) : priceOf(price, figures)
    if (counted.kind === 'refused') return counted
    const each: Take = { subject, name, meter: options.meter, ...toLimit(limit), cost: counted.units }
    // One at least: where nothing is left, nobody may begin.
    takes.push(reserve === undefined ? each : { ...each, cost: Math.max(1, each.cost), reserved: true })
  }
  return { kind: 'found', takes }
}

/**
 * No limit is declared for this caller: not by the key, the account, the plan or the meter, and the plan does not call the meter unlimited. Such a call
 * is refused; otherwise a plan that was renamed would make its accounts unlimited.
 */
function unlimitedCause({ principal }: Asker, name: string): string {
  return `nothing limits the meter ${name} for the account ${principal?.account.id} on the plan ${principal?.account.plan}`
}

/**
 * The nearest word wins: key, account, plan, take, meter. Of money there is no limit but what is there, and of money that renews what each period brings: nothing where
 * nobody says what, since what was bought may be spent all the same.
 */
function limitOf(asker: Asker, name: string, options: MeterOptions, ofTake?: Amount): number | 'unlimited' | undefined {
  const { key, account } = asker.principal ?? {}
  const { plans } = asker.api
  const plan = account !== undefined && Object.hasOwn(plans, account.plan) ? plans[account.plan] : undefined
  const { isLimited } = kindOf(options.meter)
  // A key may have a limit of its own on what it takes of its account's, but does not say what its account is given.
  const ofKey = isLimited || options.per === 'key' ? key?.limits : undefined
  for (const limits of [ofKey, account?.limits, plan?.limits]) {
    const limit = limits !== undefined && Object.hasOwn(limits, name) ? limits[name] : undefined
    if (limit !== undefined) return ownLimitUnits(limit, options.meter)
  }
  if (!isLimited) return options.limit ?? 0
  if (plan?.unlimited?.includes(name) === true) return 'unlimited'
  return ofTake === undefined ? options.limit : limitOfTake(asker, ofTake)
}

function toLimit(limit: number | 'unlimited'): Pick<Take, 'limit' | 'unlimited'> {
  return limit === 'unlimited' ? UNLIMITED : { limit }
}

/** A column that is null means that nothing limits. A column that holds no count is ignored. */
function limitOfTake({ found }: Asker, amount: Amount): number | 'unlimited' | undefined {
  if (typeof amount === 'number') return amount
  const value = found !== undefined && Object.hasOwn(found.row, amount.column) ? found.row[amount.column] : undefined
  if (value === null) return 'unlimited'
  return Number.isSafeInteger(value) && Number(value) >= 0 ? Number(value) : undefined
}

/** Addresses, resources and leases are counted for each API apart. Accounts and keys belong to one API already. */
function subjectOf({ api, principal, remoteAddress, found, lease }: Asker, { per, ipv6Prefix }: MeterOptions): string | undefined {
  switch (per) {
    case 'ip':
      return formatSubject({ of: 'ip', api: api.name, id: networkOf(remoteAddress, ipv6Prefix) })
    case 'account':
      return principal && formatSubject({ of: 'account', id: principal.account.id })
    case 'user':
      return principal && formatSubject({ of: 'user', account: principal.account.id, id: principal.key.userId ?? '' })
    case 'key':
      return principal && formatSubject({ of: 'key', id: identityOf(principal.key) })
    case 'resource':
      return found && formatSubject({ of: 'resource', api: api.name, table: found.table, id: found.id })
    case 'lease':
      return lease && formatSubject({ of: 'lease', api: api.name, id: lease.id })
  }
}

export function toTakeOptions(take: string | TakeOptions): TakeOptions {
  return typeof take === 'string' ? { meter: take } : take
}

export function meterOf({ meters }: ApiOptions, name: string): Meter | undefined {
  return Object.hasOwn(meters, name) ? meters[name]?.meter : undefined
}
