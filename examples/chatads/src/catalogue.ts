/**
 * Products by account, from a folder of shards: `ACCOUNT.json` is an account's own catalogue, `default.json` everybody else's, and
 * `ACCOUNT.lock` stands beside a shard while it is being re-indexed.
 *
 * A shard that cannot be parsed makes `productsFor` reject: that is a defect of ours, not an outcome, and the service lets it surface as one.
 */
import { readIfThere } from '@tollgate/example-parts/read-if-there'
import type { Product } from './product.ts'

export type Shard =
  | { readonly state: 'ready'; readonly products: readonly Product[] }
  | { readonly state: 'locked'; readonly work: string; readonly retryAfterSeconds: number }

interface Lock {
  readonly work: string
  readonly retryAfterSeconds: number
}

export interface Catalogue {
  shardFor(account: string): Promise<Shard>
}

/** `folder` ends in a slash. Shards that were read once stay in memory; locks are looked up every time. */
export function createCatalogue(folder: URL): Catalogue {
  const loaded = new Map<string, readonly Product[]>()

  async function load(name: string): Promise<readonly Product[] | undefined> {
    const known = loaded.get(name)
    if (known !== undefined) return known
    const text = await readIfThere(new URL(`${name}.json`, folder))
    if (text === undefined) return undefined
    const products = JSON.parse(text) as readonly Product[]
    loaded.set(name, products)
    return products
  }

  return {
    async shardFor(account) {
      // The name becomes part of a path: anything but a plain identifier gets the default shard.
      const name = /^\w{1,64}$/.test(account) ? account : 'default'
      const lock = await readIfThere(new URL(`${name}.lock`, folder))
      if (lock !== undefined) return { state: 'locked', ...(JSON.parse(lock) as Lock) }
      return { state: 'ready', products: (await load(name)) ?? (await load('default')) ?? [] }
    },
  }
}
