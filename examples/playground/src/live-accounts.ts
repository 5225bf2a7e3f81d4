/** The sample accounts as they stand now: status, keys, and what their meters say. Reading changes nothing. */
import { kindOf, type Reading, type Take } from 'tollgate/engine'
import { formatMoney } from 'tollgate/contract'
import { takesOf } from 'tollgate/gate'
import type { Api } from './api.ts'
import type { SampleKey } from './sample.ts'
import { nobodysKey, servedApi } from './seed.ts'
import type { SeedTarget } from './seed.ts'

export interface LiveAccount {
  readonly id: string
  readonly name: string
  readonly status: string
  readonly plan: string
  readonly keys: readonly LiveKey[]
  readonly meters: readonly LiveMeter[]
}

export interface LiveKey {
  readonly id: string
  readonly secret: string
  /** Of these samples alone: an expired key is `active` in the store. */
  readonly status: 'active' | 'disabled' | 'revoked' | 'expired'
}

/** What is counted in money, as decimals. */
export type LiveMeter = CountedMeter | FundedMeter

interface CountedMeter {
  readonly kind: Exclude<Reading['kind'], 'balance'>
  readonly name: string
  readonly used: number | string
  readonly limit: number | string
  readonly resetAt: string | undefined
}

interface FundedMeter {
  readonly kind: 'balance'
  readonly name: string
  readonly available: number | string
  readonly held: number | string
}

export function createLiveAccounts(target: Pick<SeedTarget, 'gateway' | 'clock'>, apis: readonly Api[]) {
  /** Undefined: there is no such API. */
  return async (name: string): Promise<readonly LiveAccount[] | undefined> => {
    const api = apis.find(({ contract }) => contract.name === name)
    return api && Promise.all(api.samples.map((sample) => liveAccount(target, api, sample.account.id, sample.keys)))
  }
}

async function liveAccount({ gateway, clock }: Pick<SeedTarget, 'gateway' | 'clock'>, api: Api, id: string, samples: readonly SampleKey[]): Promise<LiveAccount> {
  const { directory, store } = gateway
  const account = await directory.account(id)
  if (account === undefined) throw new Error(`the sample account ${id} is gone`)
  const nowMs = clock.wallMs()
  const options = servedApi(gateway, api.contract.name)
  const rows = await directory.keysOf(id)
  const takes = [nobodysKey(account), ...rows].flatMap((key) => takesOf(options, metersOf(options, key.id === '' ? ['account'] : ['user', 'key']), { account, key }, ''))
  // What limits nothing is nothing to show.
  const limiting = takes.filter(({ unlimited }) => unlimited !== true)
  const distinct = [...new Map(limiting.map((take) => [`${take.subject} ${take.name}`, take])).values()]
  const readings = distinct.length === 0 ? [] : await store.peek(distinct)
  const keys = samples.flatMap((sample): LiveKey[] => {
    const row = rows.find((key) => key.id === sample.id)
    return row === undefined ? [] : [{ id: row.id, secret: sample.secret, status: (row.expiresAtMs ?? Infinity) <= nowMs ? 'expired' : row.status }]
  })
  const { name, status, plan } = account
  return { id, name, status, plan, keys, meters: distinct.flatMap((take, index) => (readings[index] === undefined ? [] : [liveMeter(readings[index], take, nowMs)])) }
}

function metersOf({ meters }: ReturnType<typeof servedApi>, per: readonly string[]): readonly string[] {
  return Object.keys(meters).filter((name) => per.includes(meters[name]?.per ?? ''))
}

function liveMeter({ name, kind, used, remaining, limit, resetAtMs }: Reading, { meter }: Take, nowMs: number): LiveMeter {
  const of = kindOf(meter)
  const scale = of.scaleOf(meter)
  const figure = (units: number): number | string => (scale === undefined ? units : formatMoney({ units, scale }, 2))
  if (kind === 'balance') return { name, kind, available: figure(remaining), held: figure(used) }
  return { name, kind, used: figure(used), limit: figure(limit), resetAt: of.periodEndMs(meter, nowMs) === undefined ? undefined : new Date(resetAtMs).toISOString() }
}
