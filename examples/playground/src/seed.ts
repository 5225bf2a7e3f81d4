/** Makes real rows of samples: accounts, keys, money, switches, and counters that stand where the samples say. */
import { createApiKey } from 'tollgate/directory'
import { applyOne } from 'tollgate/stores'
import type { Account } from 'tollgate/directory'
import { kindOf, type Clock, type Take } from 'tollgate/engine'
import { compact, parseMoney } from 'tollgate/contract'
import { takesOf } from 'tollgate/gate'
import type { ApiOptions } from 'tollgate/gate'
import type { RunningGateway } from '@tollgate/gateway'
import type { Api, Credit } from './api.ts'
import type { Sample, SampleKey } from './sample.ts'

export interface SeedTarget {
  readonly gateway: Pick<RunningGateway, 'directory' | 'store' | 'config' | 'port'>
  readonly clock: Clock
  readonly sha256Hex: (text: string) => string
}

export async function seed(target: SeedTarget, api: Api): Promise<void> {
  const { directory } = target.gateway
  for (const sample of api.samples) {
    await directory.putAccount(accountOf(target, api, sample))
    for (const key of sample.keys) await putKey(target, api, sample, key)
    for (const [meter, amount] of Object.entries(sample.credits ?? {})) {
      await grant(target, api.contract.name, { id: `sample ${sample.account.id} ${meter}`, account: sample.account.id, meter, amount, reason: 'playground' })
    }
  }
}

function accountOf({ clock }: SeedTarget, { contract }: Api, { account }: Sample): Account {
  return { ...account, api: contract.name, createdAtMs: clock.wallMs() }
}

async function putKey({ gateway, clock, sha256Hex }: SeedTarget, { contract, prefix }: Api, { account }: Sample, sample: SampleKey): Promise<void> {
  const { status, tokenSecret, ...key } = sample
  const nowMs = clock.wallMs()
  const row = createApiKey({ ...key, api: contract.name, accountId: account.id, prefix, sha256Hex, nowMs, label: 'Playground' })
  const secretHashes = tokenSecret === undefined ? undefined : [{ hash: sha256Hex(tokenSecret), createdAtMs: nowMs }]
  const { written } = await gateway.directory.putKey({ ...row, ...compact({ status, secretHashes, revokedAtMs: status === 'revoked' ? nowMs : undefined }) })
  if (!written) throw new Error(`the sample key ${key.id} has the id of another one`)
}

/** Puts money into the balance of an account; the same credit counts once. */
export async function grant({ gateway }: SeedTarget, api: string, { id, account, meter, amount, reason }: Credit): Promise<void> {
  const row = await gateway.directory.account(account)
  const options = servedApi(gateway, api)
  const [take] = row === undefined ? [] : takesOf(options, [meter], { account: row, key: nobodysKey(row) }, '')
  const scale = take !== undefined && kindOf(take.meter).isFunded ? kindOf(take.meter).scaleOf(take.meter) : undefined
  if (take === undefined || scale === undefined) throw new Error(`${account} cannot get ${amount}: "${meter}" is no balance of an account of ${api}`)
  const units = parseMoney(amount, scale)
  if (units === undefined) throw new Error(`"${amount}" is no amount of ${meter}, which has ${scale} decimals`)
  await applyOne(gateway.store, { kind: 'grant', subject: take.subject, name: meter, scale, grantId: id, units, reason })
}

export async function setSwitches({ gateway }: SeedTarget, { switches = {} }: Api): Promise<void> {
  for (const [name, wanted] of Object.entries(switches)) await gateway.directory.updateSwitches(servedApi(gateway, name).name, () => wanted)
}

/** Brings each counter up to where its sample wants it; what is there already stays. */
export async function fillMeters(target: SeedTarget, api: Api): Promise<void> {
  const { store } = target.gateway
  for (const take of api.samples.flatMap((sample) => usedTakes(target, api, sample))) {
    const [reading] = await store.peek([take])
    const cost = take.limit - (reading?.used ?? 0)
    if (cost > 0) await applyOne(store, { kind: 'admit', takes: [{ ...take, cost }], durable: true })
  }
}

/** The meters as they are configured, with what is to be used as their limit. */
function usedTakes(target: SeedTarget, api: Api, sample: Sample): readonly Take[] {
  const options = servedApi(target.gateway, api.contract.name)
  const account = accountOf(target, api, sample)
  return Object.entries(sample.used ?? {}).flatMap(([name, limit]) => {
    const keys = sample.keys.map((key) => ({ ...nobodysKey(account), id: key.id, userId: key.userId }))
    const takes = keys.flatMap((key) => takesOf(options, [name], { account, key }, ''))
    const distinct = [...new Map(takes.map((take) => [take.subject, take])).values()]
    if (distinct.length === 0) throw new Error(`the sample ${account.id} uses "${name}", which limits nothing of it in ${api.contract.name}`)
    return distinct.map((take): Take => ({ ...take, limit, cost: 1 }))
  })
}

export function servedApi(gateway: Pick<RunningGateway, 'config'>, name: string): ApiOptions {
  const api = gateway.config().apis.find((each) => each.name === name)
  if (api === undefined) throw new Error(`the playground's configuration serves no API "${name}"`)
  return api
}

/** Stands in where only the account matters. */
export function nobodysKey({ api, id }: Account) {
  return { id: '', api, accountId: id, hash: '', hint: '', status: 'active', scopes: [], createdAtMs: 0 } as const
}
