/** `tollgate credits grant` and `debit`: money that an operator puts into a balance, or takes out of it. */
import type { Command } from 'commander'
import type { ReplyOf } from '../operator/operation-call.ts'
import { addAdminCommand, openSession } from './admin-command.ts'
import type { CliIo } from './cli-io.ts'
import type { Colours } from './colours.ts'
import { addHolderOptions, type HolderOptions } from './holder-options.ts'

interface GrantOptions extends HolderOptions {
  readonly reason: string
  readonly id?: string
  readonly expires?: string
}
interface DebitOptions extends HolderOptions {
  readonly reason: string
  readonly id?: string
}

export function addCreditChanges(credits: Command, io: CliIo): void {
  addHolderOptions(
    addAdminCommand(credits, 'grant <account> <amount>', {
      description: 'put money into a balance, once for each --id',
      examples: ['tollgate credits grant acme 50.00 --reason "invoice 2026-117" --id invoice-2026-117', 'tollgate credits grant acme 5 --reason welcome --expires 2027-01-01T00:00:00Z'],
    })
      .requiredOption('--reason <text>', 'what the ledger says of it')
      .option('--id <id>', 'who repeats the command with this id grants nothing again (default: one is made)')
      .option('--expires <when>', 'what is left of it then is gone: 2027-01-01T00:00:00Z, or in how long: 90d'),
  ).action(async (account: string, amount: string, { expires, id, ...options }: GrantOptions, command: Command) => {
    const session = openSession(command, io)
    const { meter, key, user, reason } = options
    const body = { meter, key, user, amount, reason, grantId: id, expiresAt: expires }
    const reply = await session.call('grants.create', { params: { id: account }, body })
    session.show(reply, (colours) => grantText(account, reply, colours))
  })

  addHolderOptions(
    addAdminCommand(credits, 'debit <account> <amount>', {
      description: 'take money out of a balance at once, once for each --id; never what calls hold',
      examples: ['tollgate credits debit acme 1.50 --reason "granted twice: ticket 4711" --id ticket-4711'],
    })
      .requiredOption('--reason <text>', 'what the ledger says of it')
      .option('--id <id>', 'who repeats the command with this id takes nothing again (default: one is made)'),
  ).action(async (account: string, amount: string, { id, ...options }: DebitOptions, command: Command) => {
    const session = openSession(command, io)
    const { meter, key, user, reason } = options
    const body = { meter, key, user, amount, reason, debitId: id }
    const reply = await session.call('debits.create', { params: { id: account }, body })
    session.show(reply, (colours) => debitText(account, reply, colours))
  })
}

function grantText(account: string, { granted, grant, balance }: ReplyOf<'grants.create'>, { green, yellow }: Colours): string {
  if (granted) return `${green('Granted')} ${grant.amount} to ${account} as ${grant.id}. ${stateText(balance)}.\n`
  return `${yellow('Nothing changed')}: the grant ${grant.id} was made before. ${stateText(balance)}.\n`
}

function debitText(account: string, { debited, debit, balance }: ReplyOf<'debits.create'>, { green, yellow }: Colours): string {
  if (debited) return `${green('Debited')} ${debit.amount} from ${account} as ${debit.id}. ${stateText(balance)}.\n`
  return `${yellow('Nothing changed')}: the debit ${debit.id} was made before. ${stateText(balance)}.\n`
}

function stateText({ meter, available, held }: ReplyOf<'grants.create'>['balance']): string {
  return `${meter}: ${available} available, ${held} held`
}
