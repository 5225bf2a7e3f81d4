/** `tollgate credits …`: prepaid money, what is there and how it moved. */
import type { Command } from 'commander'
import type { ReplyOf } from '../operator/operation-call.ts'
import { addAdminCommand, addCommand, openSession } from './admin-command.ts'
import type { CliIo } from './cli-io.ts'
import { printable, type Colours } from './colours.ts'
import { addCreditChanges } from './credit-changes.ts'
import { addCreditCheck } from './credit-check.ts'
import { addCreditExport } from './credit-export.ts'
import { addHolderOptions, type HolderOptions } from './holder-options.ts'
import { formatTable, type Column } from './table.ts'

interface LedgerOptions extends HolderOptions {
  readonly request?: string
  readonly oldestFirst?: boolean
  readonly after?: string
  readonly max?: string
}

type ShownBalance = ReplyOf<'balances.list'>['balances'][number]

export function addCreditCommands(program: Command, io: CliIo): void {
  const credits = addCommand(program, 'credits', { description: 'prepaid money: grant, debit, balance, ledger, export, check' })

  addCreditChanges(credits, io)

  addHolderOptions(addAdminCommand(credits, 'balance <account>', { description: 'what is available and held, and what is left of each grant', examples: ['tollgate credits balance acme'] })).action(
    async (account: string, { meter, key, user }: HolderOptions, command: Command) => {
      const session = openSession(command, io)
      const reply = await session.call('balances.list', { params: { id: account }, query: { meter, key, user } })
      session.show(reply, (colours) => (reply.balances.length === 0 ? 'This account has no balances.\n' : balanceText(reply.balances, colours)))
    },
  )

  addHolderOptions(
    addAdminCommand(credits, 'ledger [account]', {
      description: 'every movement of money, the newest first',
      examples: ['tollgate credits ledger acme', 'tollgate credits ledger --request 3f9c2a9e-1c5b-4a86-9d5c-0b6b8f1d2e77', 'tollgate credits ledger acme --oldest-first --after 1200'],
    })
      .option('--request <id>', 'only those of this request')
      .option('--oldest-first', 'in the order in which they happened')
      .option('--max <rows>', 'at most so many')
      .option('--after <cursor>', 'go on after this page'),
  ).action(async (account: string | undefined, { meter, key, user, request, oldestFirst, max, after }: LedgerOptions, command: Command) => {
    const session = openSession(command, io)
    const order = oldestFirst === true ? 'oldest' : undefined
    const reply = await session.call('ledger.list', { query: { account, meter, key, user, request, order, after, limit: max } })
    session.show(reply, (colours) => (reply.rows.length === 0 ? 'No money has moved.\n' : ledgerTable(reply, colours)))
  })

  addCreditExport(credits, io)
  addCreditCheck(credits, io)
}

const ofRenewal: readonly Column<ShownBalance>[] = [
  { title: 'ALLOWANCE', value: ({ allowance }) => allowance, right: true },
  { title: 'RENEWS', value: ({ renewsAt }) => renewsAt },
]

function balanceText(balances: readonly ShownBalance[], colours: Colours): string {
  const table = formatTable<ShownBalance>(
    [
      { title: 'BALANCE', value: ({ meter }) => meter },
      { title: 'OF', value: ({ subject }) => subject },
      { title: 'AVAILABLE', value: ({ available }) => available, right: true },
      { title: 'HELD', value: ({ held }) => held, right: true },
      { title: 'GRANTED', value: ({ granted }) => granted, right: true },
      { title: 'CHARGED', value: ({ charged }) => charged, right: true },
      { title: 'EXPIRED', value: ({ expired }) => expired, right: true },
      ...(balances.some(({ allowance }) => allowance !== undefined) ? ofRenewal : []),
    ],
    balances,
    colours,
  )
  const grants = balances.flatMap((balance) => balance.grants.map((grant) => ({ ...grant, balance })))
  if (grants.length === 0) return table
  const grantTable = formatTable(
    [
      { title: 'GRANT', value: ({ id }) => id },
      { title: 'OF', value: ({ balance }) => (balances.length === 1 ? balance.meter : `${balance.meter} of ${balance.subject}`) },
      { title: 'LEFT', value: ({ left }) => left, right: true },
      { title: 'GRANTED', value: ({ granted }) => granted, right: true },
      { title: 'AT', value: ({ grantedAt }) => grantedAt },
      { title: 'EXPIRES', value: ({ expiresAt }) => expiresAt },
      { title: 'REASON', value: ({ reason }) => reason },
    ],
    grants,
    colours,
  )
  return `${table}\n${grantTable}`
}

/** A row names its request, its grant or its debit, whichever moved the money. */
function ledgerTable({ rows, next }: ReplyOf<'ledger.list'>, colours: Colours): string {
  const table = formatTable<ReplyOf<'ledger.list'>['rows'][number]>(
    [
      { title: 'ROW', value: ({ number }) => number, right: true },
      { title: 'AT', value: ({ at }) => at.slice(0, 19).replace('T', ' ') },
      { title: 'OF', value: ({ subject, meter }) => `${meter} of ${subject}` },
      { title: 'KIND', value: ({ kind }) => kind },
      { title: 'AMOUNT', value: ({ amount }) => amount, right: true },
      { title: 'AVAILABLE', value: ({ available }) => available, right: true },
      { title: 'HELD', value: ({ held }) => held, right: true },
      { title: 'REASON', value: ({ reason }) => reason },
      { title: 'REQUEST, GRANT, DEBIT', value: ({ callId, grantId, debitId }) => callId ?? grantId ?? debitId },
      { title: 'KEY', value: ({ keyId }) => keyId },
    ],
    rows,
    colours,
  )
  return next === undefined ? table : `${table}${colours.dim(`There are more: --after ${printable(next)}`)}\n`
}
