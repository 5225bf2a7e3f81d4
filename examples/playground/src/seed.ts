/** Makes real rows of samples: accounts, keys, and counters that stand where the samples say. */
import { applyOne, createApiKey } from 'tollgate/admission'
import type { Account, Clock, Take } from 'tollgate/admission'
import type { RunningGateway } from '@tollgate/gateway'
import type { SampleBook } from './sample.ts'

export interface SeedTarget {
  readonly gateway: Pick<RunningGateway, 'directory' | 'store' | 'config'>
  readonly clock: Clock
  readonly sha256Hex: (text: string) => string
}

export async function seed(target: SeedTarget, book: SampleBook): Promise<void> {
  const { gateway, clock, sha256Hex } = target
  const { directory } = gateway
  const { api, prefix, samples } = book
  const nowMs = clock.wallMs()
  for (const { account, keys } of samples) {
    await directory.putAccount({ ...account, api, createdAtMs: nowMs } satisfies Account)
    for (const { status, ...key } of keys) {
      const row = createApiKey({ ...key, api, accountId: account.id, prefix, sha256Hex, nowMs, label: 'Playground' })
      const { written } = await directory.putKey({ ...row, status, ...(status === 'revoked' && { revokedAtMs: nowMs }) })
      if (!written) throw new Error(`the sample key ${key.id} has the id of another one`)
    }
  }
  await fillMeters(target, book)
}

/** Brings each counter up to where its sample wants it; what is there already stays. */
export async function fillMeters({ gateway, clock }: SeedTarget, book: SampleBook): Promise<void> {
  const { store } = gateway
  const nowMs = clock.wallMs()
  for (const take of takesOf(book, gateway)) {
    const [reading] = await store.peek([take], nowMs)
    const cost = take.limit - (reading?.used ?? 0)
    if (cost > 0) await applyOne(store, { kind: 'admit', takes: [{ ...take, cost }], nowMs, durable: true })
  }
}

/** The meters as they are configured, with what is to be used as their limit. */
function takesOf({ api, samples }: SampleBook, gateway: SeedTarget['gateway']): readonly Take[] {
  const meters = gateway.config().apis.find(({ name }) => name === api)?.meters ?? {}
  return samples.flatMap(({ account, used = {} }) =>
    Object.entries(used).map(([name, limit]): Take => {
      const meter = Object.hasOwn(meters, name) ? meters[name]?.meter : undefined
      if (meter === undefined) throw new Error(`the sample ${account.id} uses "${name}", which is no meter of ${api}`)
      return { subject: `account:${account.id}`, name, meter, limit, cost: 1 }
    }),
  )
}
