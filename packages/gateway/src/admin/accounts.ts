/** Accounts: list, show, create, change. */
import type { Account } from 'tollgate/admission'
import { z } from 'zod'
import { integer, settings } from '../config/scalars.ts'
import { suggestion } from '../config/nearest-name.ts'
import type { AdminGateway } from './admin-gateway.ts'
import { invalid, notFound, readInput, refused, type AdminRoute } from './admin-route.ts'
import { instant, instantText, mergeLimits, page, pageOf, shortText } from './fields.ts'
import { faultOfLimits } from './own-limits.ts'

const status = z.enum(['active', 'suspended', 'disabled', 'not_entitled'])
const words = z.array(shortText).max(500)
const id = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'must have only letters, digits, . _ and - (64 at most)')

const newAccount = settings({
  id: id.optional(),
  api: z.string(),
  name: shortText,
  plan: z.string(),
  status: status.default('active'),
  suspendedUntil: instant.optional(),
  limits: z.record(z.string(), integer(0)).optional(),
  blockedWords: words.optional(),
})

/** As a JSON merge patch (RFC 7396): null takes a setting away. */
const accountChange = settings({
  name: shortText.optional(),
  plan: z.string().optional(),
  status: status.optional(),
  suspendedUntil: instant.nullable().optional(),
  limits: z.record(z.string(), integer(0).nullable()).nullable().optional(),
  blockedWords: words.nullable().optional(),
})

export const accountRoutes: readonly AdminRoute[] = [
  {
    method: 'GET',
    path: '/v1/accounts',
    async handle({ query }, { directory }) {
      const input = readInput(settings({ ...page, api: z.string().optional() }), query)
      if ('refusal' in input) return input
      const { api, ...range } = input.value
      const accounts = await directory.listAccounts(range)
      const shown = accounts.filter((account) => api === undefined || account.api === api)
      return { body: { accounts: shown.map(showAccount), ...pageOf(accounts, range.limit) } }
    },
  },
  {
    method: 'POST',
    path: '/v1/accounts',
    async handle({ body, who }, gateway) {
      const input = readInput(newAccount, body)
      if ('refusal' in input) return input
      const { id: wanted, suspendedUntil: suspendedUntilMs, limits, blockedWords, ...given } = input.value
      const account: Account = {
        ...given,
        id: wanted ?? `acct_${Buffer.from(gateway.randomBytes(9)).toString('hex')}`,
        ...(suspendedUntilMs !== undefined && { suspendedUntilMs }),
        ...(limits !== undefined && { limits }),
        ...(blockedWords !== undefined && { blockedWords }),
        createdAtMs: gateway.clock.wallMs(),
      }
      const fault = faultOf(account, gateway)
      if (fault !== undefined) return fault
      const gone = await gateway.directory.deletedAccount(account.id)
      if (gone !== undefined) return refused('resource.conflict', { resource: 'account', id: account.id, issue: `an account "${account.id}" was deleted at ${instantText(gone.deletedAtMs)}, and its ledger is kept under this id; choose another one` })
      const { written } = await gateway.directory.putAccount(account, { expect: 0 })
      if (!written) return refused('resource.conflict', { resource: 'account', id: account.id, issue: `there is an account "${account.id}" already` })
      await gateway.directory.audit('account.create', { who, account: account.id, after: showAccount(account) })
      return { status: 201, body: { account: showAccount(account) } }
    },
  },
  {
    method: 'GET',
    path: '/v1/accounts/{id}',
    async handle({ params }, { directory }) {
      const account = await directory.account(params['id'] ?? '')
      return account === undefined ? notFound('account', params['id'] ?? '') : { body: { account: showAccount(account) } }
    },
  },
  {
    method: 'PATCH',
    path: '/v1/accounts/{id}',
    async handle({ params, body, who }, gateway) {
      const input = readInput(accountChange, body)
      if ('refusal' in input) return input
      const accountId = params['id'] ?? ''
      const before = await gateway.directory.account(accountId)
      if (before === undefined) return notFound('account', accountId)
      const fault = faultOf(changed(before, input.value), gateway)
      if (fault !== undefined) return fault
      const after = await gateway.directory.updateAccount(accountId, (account) => changed(account, input.value))
      if (after === undefined) return notFound('account', accountId)
      await gateway.directory.audit('account.update', { who, account: accountId, before: showAccount(before), after: showAccount(after) })
      return { body: { account: showAccount(after) } }
    },
  },
]

function changed(account: Account, change: z.output<typeof accountChange>): Account {
  const { suspendedUntilMs, limits, blockedWords, ...rest } = account
  const { name, plan, status: newStatus, suspendedUntil } = change
  const untilMs = suspendedUntil === undefined ? suspendedUntilMs : (suspendedUntil ?? undefined)
  const newLimits = mergeLimits(limits, change.limits)
  const newWords = change.blockedWords === undefined ? blockedWords : (change.blockedWords ?? undefined)
  return {
    ...rest,
    ...(name !== undefined && { name }),
    ...(plan !== undefined && { plan }),
    ...(newStatus !== undefined && { status: newStatus }),
    ...(untilMs !== undefined && { suspendedUntilMs: untilMs }),
    ...(newLimits !== undefined && { limits: newLimits }),
    ...(newWords !== undefined && { blockedWords: newWords }),
  }
}

/** Whether the account's API, plan and meters exist in the configuration that holds now. */
function faultOf({ api: name, plan, limits }: Account, gateway: AdminGateway) {
  const { apis } = gateway.config()
  const api = apis.find((each) => each.name === name)
  if (api === undefined) return invalid('api', `no API is called "${name}"${suggestion(name, apis.map((each) => each.name))}`)
  const plans = Object.keys(api.plans)
  if (!plans.includes(plan)) return invalid('plan', `no plan of ${name} is called "${plan}"${suggestion(plan, plans)}`)
  return faultOfLimits(name, limits, gateway)
}

export function showAccount({ createdAtMs, suspendedUntilMs, ...account }: Account) {
  return {
    ...account,
    ...(suspendedUntilMs !== undefined && { suspendedUntil: instantText(suspendedUntilMs) }),
    createdAt: instantText(createdAtMs),
  }
}
