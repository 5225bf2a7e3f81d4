/** The sample accounts as they stand now: status, keys, and what their meters say. Reading changes nothing. */
import type { Reading, Take } from 'tollgate/engine'
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

export type LiveMeter =
  | { readonly name: string; readonly kind: Exclude<Reading['kind'], 'balance'>; readonly used: number; readonly limit: number; readonly resetAt?: string }
  /** Decimals. */
  | { readonly name: string; readonly kind: 'balance'; readonly available: string; readonly held: string }

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
  return { id, name, status, plan, keys, meters: readings.map((reading, index) => liveMeter(reading, distinct[index])) }
}

function metersOf({ meters }: ReturnType<typeof servedApi>, per: readonly string[]): readonly string[] {
  return Object.keys(meters).filter((name) => per.includes(meters[name]?.per ?? ''))
}

function liveMeter({ name, kind, used, remaining, limit, resetAtMs }: Reading, take: Take | undefined): LiveMeter {
  if (kind === 'balance') {
    const scale = take?.meter.kind === 'balance' ? take.meter.scale : 0
    const money = (units: number): string => formatMoney({ units, scale }, 2)
    return { name, kind, available: money(remaining), held: money(used) }
  }
  return { name, kind, used, limit, ...(kind !== 'lease' && { resetAt: new Date(resetAtMs).toISOString() }) }
}
