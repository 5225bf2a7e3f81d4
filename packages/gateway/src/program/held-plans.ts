import type { Directory } from 'tollgate/directory'
import type { GatewayConfig } from '../config/gateway-config.ts'
import type { ConfigProblem } from '../config/read/config-problem.ts'

const ACCOUNTS_AT_ONCE = 1_000
/** Named in a message; the rest is counted. */
const NAMED_MAX = 5

interface Held {
  readonly api: string
  readonly plan: string
  readonly accounts: string[]
}

/**
 * Plans that accounts are on and that the configuration does not have (any more): it says no limits for such accounts, so every call of theirs
 * would be refused. Accounts of an API that is gone as a whole cannot call at all.
 */
export async function heldPlans(directory: Pick<Directory, 'listAccounts'>, { apis }: GatewayConfig): Promise<readonly ConfigProblem[]> {
  const plans = new Map(apis.map((api) => [api.name, new Set(Object.keys(api.plans))]))
  const held = new Map<string, Held>()
  let after: string | undefined
  do {
    const accounts = await directory.listAccounts({ limit: ACCOUNTS_AT_ONCE, after })
    for (const { id, api, plan } of accounts) {
      if (plans.get(api)?.has(plan) !== false) continue
      const place = JSON.stringify([api, plan])
      const entry = held.get(place) ?? { api, plan, accounts: [] }
      entry.accounts.push(id)
      held.set(place, entry)
    }
    after = accounts.length === ACCOUNTS_AT_ONCE ? accounts.at(-1)?.id : undefined
  } while (after !== undefined)
  return [...held.values()].map(({ api, plan, accounts }) => ({ path: ['apis', api, 'plans', plan], message: messageFor(accounts) }))
}

function messageFor(accounts: readonly string[]): string {
  const [first = ''] = accounts
  const named = accounts.slice(0, NAMED_MAX).join(', ')
  const who = accounts.length === 1 ? `the account ${first} is` : `${accounts.length} accounts (${named}${accounts.length > NAMED_MAX ? ', …' : ''}) are`
  return `is missing, but ${who} on it; bring it back, or move them to another plan: tollgate accounts update ${first} --plan NAME`
}
