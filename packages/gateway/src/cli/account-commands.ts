/** `tollgate accounts …` */
import type { Command } from 'commander'
import type { ReplyOf } from '../operator/operation-call.ts'
import { addAdminCommand, addCommand, collectOption, openSession } from './admin-command.ts'
import { CliFailure, type CliIo } from './cli-io.ts'
import { printable, type Colours } from './colours.ts'
import { collectLimits, firstLimits, formatLimits, type MeterLimits } from './meter-limits.ts'
import { formatTable } from './table.ts'

type ShownAccount = ReplyOf<'accounts.show'>['account']

export function addAccountCommands(program: Command, io: CliIo): void {
  const accounts = addCommand(program, 'accounts', { description: 'who may call: list, show, create, change, delete' })

  addAdminCommand(accounts, 'list', { description: 'list accounts', examples: ['tollgate accounts list --api chatads'] })
    .option('--api <api>', 'only those of this API')
    .option('--max <rows>', 'at most so many')
    .option('--after <id>', 'go on after this account')
    .action(async (options: { api?: string; max?: string; after?: string }, command: Command) => {
      const session = openSession(command, io)
      const reply = await session.call('accounts.list', { query: { api: options.api, limit: options.max, after: options.after } })
      session.show(reply, (colours) => (reply.accounts.length === 0 ? 'There are no accounts.\n' : accountTable(reply, colours)))
    })

  addAdminCommand(accounts, 'show <account>', { description: 'show one account' }).action(async (id: string, _, command: Command) => {
    const session = openSession(command, io)
    const reply = await session.call('accounts.show', { params: { id } })
    session.show(reply, (colours) => accountText(reply.account, colours))
  })

  addAdminCommand(accounts, 'create', {
    description: 'create an account',
    examples: ['tollgate accounts create --api chatads --plan free --name "Acme Ltd"', 'tollgate accounts create --api chatads --plan free --name Acme --id acme --limit daily=500'],
  })
    .requiredOption('--api <api>', 'the API that it belongs to')
    .requiredOption('--plan <plan>', 'its plan')
    .requiredOption('--name <name>', 'its name')
    .option('--id <id>', 'its id (default: one is made)')
    .option('--limit <meter=limit>', 'a limit of its own; may be repeated', collectLimits, {})
    .option('--block <word>', 'a word that it wants refused; may be repeated', collectOption, [])
    .action(async ({ limit, block, api, plan, name, id }: NewAccountOptions, command: Command) => {
      const session = openSession(command, io)
      const blockedWords = block.length === 0 ? undefined : block
      const reply = await session.call('accounts.create', { body: { api, plan, name, id, limits: firstLimits(limit), blockedWords } })
      session.show(reply, (colours) => `${colours.green('Created.')}\n${accountText(reply.account, colours)}`)
    })

  addAdminCommand(accounts, 'update <account>', {
    description: 'change an account',
    examples: ['tollgate accounts update acme --plan pro', 'tollgate accounts update acme --status suspended --suspended-until 2026-12-01T00:00:00Z', 'tollgate accounts update acme --limit daily=plan'],
  })
    .option('--name <name>')
    .option('--plan <plan>')
    .option('--status <status>', 'active, suspended, disabled or not_entitled')
    .option('--suspended-until <when>', 'when the suspension ends: an instant, or in how long: 7d; "never" for until further notice')
    .option('--limit <meter=limit>', 'a limit of its own, METER=plan to take it away; may be repeated', collectLimits, {})
    .option('--block <word>', 'the words that it wants refused, instead of those before; may be repeated', collectOption, [])
    .option('--no-blocked-words', 'refuse no words any more')
    .action(async (id: string, options: AccountChangeOptions, command: Command) => {
      const session = openSession(command, io)
      const reply = await session.call('accounts.update', { params: { id }, body: changeOf(options) })
      session.show(reply, (colours) => `${colours.green('Changed.')}\n${accountText(reply.account, colours)}`)
    })

  addDeletion(accounts, io)
}

function addDeletion(accounts: Command, io: CliIo): void {
  addAdminCommand(accounts, 'delete <account>', {
    description: 'delete an account and its keys; refused while it has money, open calls or sessions. Its ledger is kept, and its id is not free again',
    examples: ['tollgate accounts delete acme', 'tollgate accounts delete acme --confirm acme', 'tollgate accounts delete acme --force --confirm acme'],
  })
    .option('--confirm <account>', 'name it once more; without this nothing is deleted')
    .option('--force', 'release its calls, end its sessions and write off its money')
    .action(async (id: string, { confirm, force }: { confirm?: string; force?: boolean }, command: Command) => {
      const session = openSession(command, io)
      if (confirm !== undefined && confirm !== id) throw new CliFailure(2, `--confirm names "${confirm}" and not "${id}"; nothing was deleted`)
      if (confirm === undefined) {
        const { account } = await session.call('accounts.show', { params: { id } })
        throw new CliFailure(2, `this would delete ${account.id} (${account.name}) of ${account.api} and all its keys, for good; to do it, add --confirm ${account.id}`)
      }
      const reply = await session.call('accounts.delete', { params: { id }, query: { force: force === true ? 'true' : undefined } })
      session.show(reply, ({ green }) => {
        const { account, keys, callsReleased, sessionsEnded, writtenOff } = reply.deleted
        const ended = [...(callsReleased > 0 ? [`${callsReleased} calls released`] : []), ...(sessionsEnded > 0 ? [`${sessionsEnded} sessions ended`] : []), ...writtenOff.map(({ amount, meter }) => `${amount} of ${meter} written off`)]
        return `${green('Deleted')} ${account} and ${keys} keys${ended.length === 0 ? '' : `; ${ended.join(', ')}`}. Its ledger is kept.\n`
      })
    })
}

interface NewAccountOptions {
  readonly api: string
  readonly plan: string
  readonly name: string
  readonly id?: string
  readonly limit: MeterLimits
  readonly block: readonly string[]
}
interface AccountChangeOptions {
  readonly name?: string
  readonly plan?: string
  readonly status?: string
  readonly suspendedUntil?: string
  readonly limit: MeterLimits
  readonly block: readonly string[]
  readonly blockedWords: boolean
}

function changeOf({ name, plan, status, suspendedUntil, limit, block, blockedWords }: AccountChangeOptions) {
  return {
    name,
    plan,
    status,
    suspendedUntil: suspendedUntil === 'never' ? null : suspendedUntil,
    limits: Object.keys(limit).length === 0 ? undefined : limit,
    blockedWords: !blockedWords ? null : block.length === 0 ? undefined : block,
  }
}

function accountTable({ accounts, next }: ReplyOf<'accounts.list'>, colours: Colours): string {
  const table = formatTable<ShownAccount>(
    [
      { title: 'ACCOUNT', value: ({ id }) => id },
      { title: 'NAME', value: ({ name }) => name },
      { title: 'API', value: ({ api }) => api },
      { title: 'PLAN', value: ({ plan }) => plan },
      { title: 'STATUS', value: ({ status }) => status },
      { title: 'OWN LIMITS', value: ({ limits }) => formatLimits(limits) },
    ],
    accounts,
    colours,
  )
  return next === undefined ? table : `${table}${colours.dim(`There are more: --after ${next}`)}\n`
}

function accountText(account: ShownAccount, colours: Colours): string {
  const { id, name, api, plan, status, suspendedUntil, limits, blockedWords = [], createdAt } = account
  const lines: readonly (readonly [string, string | undefined])[] = [
    ['account', id],
    ['name', name],
    ['api', api],
    ['plan', plan],
    ['status', suspendedUntil === undefined ? status : `${status} until ${suspendedUntil}`],
    ['own limits', formatLimits(limits) || undefined],
    ['blocked words', blockedWords.join(', ') || undefined],
    ['created', createdAt],
  ]
  return lines.flatMap(([label, value]) => (value === undefined ? [] : [`${colours.dim(label.padEnd(14))}${printable(value)}\n`])).join('')
}
