/** `tollgate calls …`: paid and keyed calls, that is idempotency records and what they hold. */
import type { Command } from 'commander'
import type { ReplyOf } from '../operator/operation-call.ts'
import { addAdminCommand, addCommand, openSession } from './admin-command.ts'
import type { CliIo } from './cli-io.ts'
import { printable, type Colours } from './colours.ts'
import { formatTable } from './table.ts'

interface ListOptions {
  readonly account?: string
  readonly state?: string
  readonly keyed?: boolean
  readonly before?: string
  readonly after?: string
  readonly max?: string
}

type ShownCall = ReplyOf<'calls.show'>['call']

const evenIfRunningText = 'also one that is still running; what its service says later is void'

export function addCallCommands(program: Command, io: CliIo): void {
  const calls = addCommand(program, 'calls', { description: 'paid and keyed calls, the idempotency records: list, show, charge, release' }).alias('idempotency')

  addAdminCommand(calls, 'list', {
    description: 'list calls that are kept, the newest first',
    examples: ['tollgate calls list --state unknown', 'tollgate calls list --account acme --keyed'],
  })
    .option('--account <id>', 'only those of this account')
    .option('--state <state>', 'claimed, dispatched, done or unknown')
    .option('--keyed', 'only those with an idempotency key')
    .option('--no-keyed', 'only those without one')
    .option('--before <when>', 'only those that began earlier: than an instant, or so long ago: 1h')
    .option('--max <rows>', 'at most so many')
    .option('--after <cursor>', 'go on after this page')
    .action(async ({ account, state, keyed, before, after, max }: ListOptions, command: Command) => {
      const session = openSession(command, io)
      const reply = await session.call('calls.list', { query: { account, state, keyed: keyed?.toString(), before, after, limit: max } })
      session.show(reply, (colours) => (reply.calls.length === 0 ? 'No call fits.\n' : callTable(reply, colours)))
    })

  addAdminCommand(calls, 'show <request>', {
    description: 'show one call: its state, what it holds and how its money moved',
    examples: ['tollgate calls show 3f9c2a9e-1c5b-4a86-9d5c-0b6b8f1d2e77', 'tollgate calls show 3f9c2a9e-1c5b-4a86-9d5c-0b6b8f1d2e77 --body'],
  })
    .option('--body', 'the stored answer too, which may hold personal data')
    .action(async (id: string, { body }: { body?: boolean }, command: Command) => {
      const session = openSession(command, io)
      const reply = await session.call('calls.show', { params: { id }, query: { body: body?.toString() } })
      session.show(reply, (colours) => callText(reply, colours))
    })

  addAdminCommand(calls, 'charge <request>', {
    description: 'settle a call whose outcome is unknown: the work was done',
    examples: ['tollgate calls charge 3f9c2a9e-1c5b-4a86-9d5c-0b6b8f1d2e77', 'tollgate calls charge 3f9c2a9e-1c5b-4a86-9d5c-0b6b8f1d2e77 --amount 0.25'],
  })
    .option('--amount <amount>', 'at most what is held (default: all of it)')
    .option('--even-if-running', evenIfRunningText)
    .action(async (id: string, { amount, evenIfRunning }: { amount?: string; evenIfRunning?: true }, command: Command) => {
      const session = openSession(command, io)
      const reply = await session.call('calls.settle', { params: { id }, body: { outcome: 'charge', amount, evenIfRunning } })
      const { key } = reply.call ?? {}
      session.show(reply, ({ green }) => `${green('Charged')} ${reply.charged}; what else was held is available again.${key === undefined ? '' : ` Its idempotency key stays taken until ${key.keptUntil}.`}\n`)
    })

  addAdminCommand(calls, 'release <request>', {
    description: 'settle a call whose outcome is unknown: the work was not done; its money is available again and its idempotency key is free',
    examples: ['tollgate calls release 3f9c2a9e-1c5b-4a86-9d5c-0b6b8f1d2e77', 'tollgate calls release 3f9c2a9e-1c5b-4a86-9d5c-0b6b8f1d2e77 --even-if-running'],
  })
    .option('--even-if-running', evenIfRunningText)
    .action(async (id: string, { evenIfRunning }: { evenIfRunning?: true }, command: Command) => {
      const session = openSession(command, io)
      const reply = await session.call('calls.settle', { params: { id }, body: { outcome: 'release', evenIfRunning } })
      session.show(reply, ({ green }) => `${green('Released')}: what was held is available again, and its idempotency key is free.\n`)
    })
}

function callTable({ calls, next }: ReplyOf<'calls.list'>, colours: Colours): string {
  const table = formatTable<ShownCall>(
    [
      { title: 'REQUEST', value: ({ id }) => id },
      { title: 'ACCOUNT', value: ({ accountId }) => accountId },
      { title: 'STATE', value: ({ state }) => state },
      { title: 'KEYED', value: ({ key }) => (key === undefined ? 'no' : 'yes') },
      { title: 'HOLDS', value: holdsText },
      { title: 'ANSWER', value: ({ answered }) => answered?.status, right: true },
      { title: 'BEGAN', value: ({ createdAt }) => createdAt },
      { title: 'DEADLINE OR END', value: ({ deadline, ended }) => ended?.at ?? deadline },
    ],
    calls,
    colours,
  )
  return next === undefined ? table : `${table}${colours.dim(`There are more: --after ${printable(next)}`)}\n`
}

/** Of a call that nothing pays, what is set aside of what may be spent. */
function holdsText({ holds, counts = [], reserved = [], leases }: ShownCall): string {
  return [...(holds.length > 0 ? holds : counts).map(({ meter, amount }) => `${amount} of ${meter}`), ...[...reserved, ...leases].map(({ meter, quantity }) => `${quantity} of ${meter}`)].join(', ')
}

function callText({ call, movements, answer }: ReplyOf<'calls.show'>, { dim }: Colours): string {
  const { id, accountId, keyId, state, fence, createdAt, deadline, onExpiry, key, answered, ended } = call
  const lines: readonly (readonly [string, string | undefined])[] = [
    ['request', id],
    ['account', accountId],
    ['key', keyId],
    ['state', ended === undefined ? state : `${state} by ${ended.by} at ${ended.at}`],
    ['began', createdAt],
    ['deadline', ended === undefined ? `${deadline}, then ${onExpiry === 'charge' ? 'charged' : 'released'}` : undefined],
    ['runs', fence === 1 ? undefined : String(fence)],
    ['idempotency', key === undefined ? 'without a key' : `keyed, kept until ${key.keptUntil}`],
    ['holds', holdsText(call) || undefined],
    ['answer', answered === undefined ? undefined : `status ${answered.status}, ${answered.bytes} bytes`],
    ...movements.map(({ kind, amount, meter, at, reason }): [string, string] => ['money', `${kind} ${amount} of ${meter} at ${at} (${reason})`]),
  ]
  const text = lines.flatMap(([label, value]) => (value === undefined ? [] : [`${dim(label.padEnd(14))}${printable(value)}\n`])).join('')
  return answer === undefined ? text : `${text}\n${printable(answer.encoding === 'base64' ? `${answer.body} (base64)` : answer.body)}\n`
}
