/** Accounts: list, show, create, change. */
import { compact } from 'tollgate/contract'
import type { Account } from 'tollgate/directory'
import { z } from 'zod'
import { settings } from '../config/read/scalars.ts'
import { suggestion } from '../config/read/suggestion.ts'
import type { AdminGateway } from './admin-gateway.ts'
import { accountParams, instantText, nextOf, nextPage, page, shortText, until, untilMs } from './fields.ts'
import { operation } from './operation.ts'
import { limitsChange, mergeLimits, ownLimits, readLimits, type LimitsChange } from './own-limits.ts'
import { done, invalid, notFound, refused, type Refused } from './reply.ts'
import { accountStatus, showAccount, shownAccount } from './shown-account.ts'

const words = z.array(shortText).max(500)
const id = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'must have only letters, digits, . _ and - (64 at most)')

const newAccount = settings({
  id: id.optional().describe('default: one is made'),
  api: z.string().describe('the API that it belongs to'),
  name: shortText.describe('for people'),
  plan: z.string().describe('one of the plans of the API'),
  status: accountStatus.default('active').describe('whether its callers are let through'),
  suspendedUntil: until.optional().describe('when the suspension ends; without it, when an operator says so'),
  limits: ownLimits.optional(),
  blockedWords: words.optional().describe('words that it wants refused'),
})

/** As a JSON merge patch (RFC 7396): null takes a setting away. */
const accountChange = settings({
  name: shortText.optional().describe('for people'),
  plan: z.string().optional().describe('one of the plans of the API'),
  status: accountStatus.optional().describe('whether its callers are let through'),
  suspendedUntil: until.nullable().optional().describe('when the suspension ends; null: when an operator says so'),
  limits: limitsChange,
  blockedWords: words.nullable().optional().describe('the words that it wants refused, in place of those before; null for none'),
})

const one = z.object({ account: shownAccount.describe('as it is now') })

export const accountOperations = [
  operation({
    name: 'accounts.list',
    method: 'GET',
    path: '/v1/accounts',
    words: 'who may call',
    may: 'read',
    input: { query: settings({ ...page, api: z.string().optional().describe('only those of this API') }) },
    output: z.object({ accounts: z.array(shownAccount).describe('by id'), ...nextPage }),
    async handle({ query: { api, ...range } }, { directory }) {
      const accounts = await directory.listAccounts(compact(range))
      const shown = accounts.filter((account) => api === undefined || account.api === api)
      return done({ accounts: shown.map(showAccount), next: nextOf(accounts, range.limit, (account) => account.id) })
    },
  }),
  operation({
    name: 'accounts.create',
    method: 'POST',
    path: '/v1/accounts',
    words: 'create an account',
    may: 'write',
    input: { body: newAccount },
    output: one,
    async handle({ body: { suspendedUntil, ...given }, who }, gateway) {
      const nowMs = gateway.clock.wallMs()
      const fault = faultOf(given, gateway)
      if (fault !== undefined) return fault
      const limits = readLimits(given.limits, 'account', given.api, gateway)
      if (!limits.ok) return limits
      const account: Account = compact({
        ...given,
        limits: mergeLimits(undefined, limits.value),
        id: given.id ?? `acct_${Buffer.from(gateway.randomBytes(9)).toString('hex')}`,
        suspendedUntilMs: suspendedUntil && untilMs(suspendedUntil, nowMs),
        createdAtMs: nowMs,
      })
      const gone = await gateway.directory.deletedAccount(account.id)
      if (gone !== undefined) return refused('resource.conflict', { resource: 'account', id: account.id, issue: `an account "${account.id}" was deleted at ${instantText(gone.deletedAtMs)}, and its ledger is kept under this id; choose another one` })
      const { written } = await gateway.directory.putAccount(account, { expect: 0 })
      if (!written) return refused('resource.conflict', { resource: 'account', id: account.id, issue: `there is an account "${account.id}" already` })
      await gateway.directory.audit('account.create', { who, account: account.id, after: showAccount(account) })
      return done({ account: showAccount(account) }, 201)
    },
  }),
  operation({
    name: 'accounts.show',
    method: 'GET',
    path: '/v1/accounts/{id}',
    words: 'one account',
    may: 'read',
    input: { params: accountParams },
    output: one,
    async handle({ params }, { directory }) {
      const account = await directory.account(params.id)
      return account === undefined ? notFound('account', params.id) : done({ account: showAccount(account) })
    },
  }),
  operation({
    name: 'accounts.update',
    method: 'PATCH',
    path: '/v1/accounts/{id}',
    words: 'change an account, by a merge patch (RFC 7396): what is null is taken away',
    may: 'write',
    input: { params: accountParams, body: accountChange },
    output: one,
    async handle({ params, body, who }, gateway) {
      const nowMs = gateway.clock.wallMs()
      const before = await gateway.directory.account(params.id)
      if (before === undefined) return notFound('account', params.id)
      const fault = faultOf({ ...before, plan: body.plan ?? before.plan }, gateway)
      if (fault !== undefined) return fault
      const limits = readLimits(body.limits, 'account', before.api, gateway)
      if (!limits.ok) return limits
      const after = await gateway.directory.updateAccount(params.id, (account) => changed(account, { ...body, limits: limits.value }, nowMs))
      if (after === undefined) return notFound('account', params.id)
      await gateway.directory.audit('account.update', { who, account: params.id, before: showAccount(before), after: showAccount(after) })
      return done({ account: showAccount(after) })
    },
  }),
] as const

function changed(account: Account, change: Omit<z.output<typeof accountChange>, 'limits'> & { readonly limits: LimitsChange }, nowMs: number): Account {
  const { suspendedUntil, blockedWords } = change
  return compact({
    ...account,
    name: change.name ?? account.name,
    plan: change.plan ?? account.plan,
    status: change.status ?? account.status,
    suspendedUntilMs: suspendedUntil === undefined ? account.suspendedUntilMs : suspendedUntil === null ? undefined : untilMs(suspendedUntil, nowMs),
    limits: mergeLimits(account.limits, change.limits),
    blockedWords: blockedWords === undefined ? account.blockedWords : (blockedWords ?? undefined),
  })
}

/** Whether the account's API and plan exist in the configuration that holds now. */
function faultOf({ api: name, plan }: Pick<Account, 'api' | 'plan'>, gateway: AdminGateway): Refused | undefined {
  const { apis } = gateway.config()
  const api = apis.find((each) => each.name === name)
  if (api === undefined) return invalid('api', `no API is called "${name}"${suggestion(name, apis.map((each) => each.name))}`)
  const plans = Object.keys(api.plans)
  return plans.includes(plan) ? undefined : invalid('plan', `no plan of ${name} is called "${plan}"${suggestion(plan, plans)}`)
}
