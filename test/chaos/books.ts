/** The shop's accounts, as they are put into a store in the beginning, and all that it says of them in the end. */
import { createHash } from 'node:crypto'
import type { Directory } from 'tollgate/directory'
import { applyOne, type Store } from 'tollgate/stores'
import type { Books, Grant } from './history.ts'
import { accounts, products } from './shop.ts'

const ROWS = 1_000_000

export async function putAccounts({ directory, store }: { readonly directory: Directory; readonly store: Store }): Promise<readonly Grant[]> {
  const grants: Grant[] = []
  for (const [id, { key, units }] of Object.entries(accounts)) {
    const hash = createHash('sha256').update(key).digest('hex')
    await directory.putAccount({ id, api: 'shop', name: id, status: 'active', plan: id, createdAtMs: 0 })
    await directory.putKey({ id: `key_${id}`, api: 'shop', accountId: id, hash, hint: 'sk_', status: 'active', scopes: [], createdAtMs: 0 })
    await applyOne(store, { kind: 'grant', subject: `account:${id}`, name: 'credit', scale: 2, grantId: `first-${id}`, units, reason: 'first' })
    grants.push({ account: id, id: `first-${id}`, units, acknowledged: true })
  }
  return grants
}

export async function readAll(store: Store): Promise<Omit<Books, 'endedAtMs'>> {
  const names = Object.keys(accounts)
  const sessions = names.map((name) => ({ subject: `account:${name}`, name: 'sessions', of: 'session' }) as const)
  const stock = Object.keys(products).map((id) => ({ subject: `resource:shop:products:${id}`, name: 'stock', of: 'stock' }) as const)
  const takes = [...sessions, ...stock].map(({ of, ...at }) => ({ ...at, meter: { kind: 'lease', of }, limit: ROWS, cost: 1 }) as const)
  const balances = await Promise.all(names.map((name) => store.balance(`account:${name}`, 'credit')))
  return {
    rows: await store.ledger({ limit: ROWS }),
    calls: await store.calls({ limit: ROWS }),
    leases: (await Promise.all(names.map((accountId) => store.leases({ accountId, limit: ROWS })))).flat(),
    alive: await store.peek(takes),
    balances: balances.filter((balance) => balance !== undefined),
  }
}
