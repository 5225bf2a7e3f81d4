import type { Directory } from 'tollgate/directory'
import type { GatewayConfig } from '../config/gateway-config.ts'
import type { ConfigProblem } from '../config/read/config-problem.ts'

/** Named in a message; the rest is counted. */
const NAMED_MAX = 5
const COUNTED_MAX = 1_000

/**
 * Plans that accounts are on and that the configuration does not have (any more): it says no limits for such accounts, so every call of theirs
 * would be refused. Accounts of an API that is gone as a whole cannot call at all.
 */
export async function heldPlans(directory: Pick<Directory, 'listAccounts' | 'plansInUse'>, { apis }: GatewayConfig): Promise<readonly ConfigProblem[]> {
  const plans = new Map(apis.map((api) => [api.name, new Set(Object.keys(api.plans))]))
  const held = (await directory.plansInUse()).filter(({ api, plan }) => plans.get(api)?.has(plan) === false)
  const problems: ConfigProblem[] = []
  for (const on of held) {
    const accounts = await directory.listAccounts({ on, limit: COUNTED_MAX + 1 })
    // None: the last of them has left it meanwhile.
    if (accounts.length > 0) problems.push({ path: ['apis', on.api, 'plans', on.plan], message: messageFor(accounts.map(({ id }) => id)) })
  }
  return problems
}

function messageFor(accounts: readonly string[]): string {
  const [first = ''] = accounts
  const named = accounts.slice(0, NAMED_MAX).join(', ')
  const count = accounts.length > COUNTED_MAX ? `more than ${COUNTED_MAX}` : String(accounts.length)
  const who = accounts.length === 1 ? `the account ${first} is` : `${count} accounts (${named}${accounts.length > NAMED_MAX ? ', …' : ''}) are`
  return `is missing, but ${who} on it; bring it back, or move them to another plan: tollgate accounts update ${first} --plan NAME`
}
