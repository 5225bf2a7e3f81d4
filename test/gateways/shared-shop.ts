/** The shop of the chaos test behind several gateways that share their engines, with routes that only count, and one that takes a coin. */
import type { GatewayConfigInput } from '@tollgate/gateway'
import { countedMeters, limits } from '../chaos/counts.ts'
import { shopConfig, type Ports } from '../chaos/shop.ts'

/** How many are admitted must not depend on how fast the machine is. */
const unhurried = { upstream: 'counted', timeouts: { connect: '30s', headers: '30s', idle: '30s' } }

export const counting = { id: 'counting', key: 'sk_a_key_that_is_only_counted' } as const

/** `counters`: where windows, quotas and slots are counted, if not in Postgres. */
export interface EnginePorts {
  readonly postgres: string
  readonly counters: number | undefined
}

/** The database's timeout is far beyond what a busy machine takes: servers here are dead or well. What becomes of windows and slots while their engine is away: without counters of their own they are refused, so that nothing is admitted that nobody has counted. */
export function sharedShop(ports: Ports & { readonly countersService: number }, engines: EnginePorts): GatewayConfigInput {
  const { shop, ...others } = shopConfig('', ports).apis
  if (shop === undefined) throw new Error('there is no shop')
  return {
    ...shopConfig('', ports),
    store: { postgres: { url: engines.postgres, timeout: '20s' } },
    ...(engines.counters === undefined ? { onStoreFailure: { windows: 'refuse', slots: 'refuse' } } : { counters: { valkey: `redis://127.0.0.1:${engines.counters}` } }),
    upstreams: { ...shopConfig('', ports).upstreams, counted: `http://127.0.0.1:${ports.countersService}` },
    apis: {
      ...others,
      shop: {
        ...shop,
        meters: {
          ...shop.meters,
          burst: { window: `${limits.burst.windowMs}ms`, per: 'account', limit: limits.burst.limit },
          daily: { quota: 'day', per: 'account', limit: limits.daily.limit },
          parallel: { lease: 'slot', per: 'account', limit: limits.parallel.limit },
        },
        plans: { ...shop.plans, counting: { requests: 'unlimited' }, coins: { requests: 'unlimited' } },
        routes: [
          ...shop.routes,
          ...countedMeters.map((name) => ({ on: `POST /v1/counted/${name}`, ...unhurried, steps: [{ take: [name] }] })),
          { on: 'POST /v1/coin', ...unhurried, steps: [{ take: [{ meter: 'credit', price: '0.10' }] }] },
        ],
      },
    },
  } as GatewayConfigInput
}
