/** `tollgate sessions …`: what lives on after the call that took it. */
import type { Command } from 'commander'
import type { ReplyOf } from '../operator/operation-call.ts'
import { addAdminCommand, addCommand, openSession } from './admin-command.ts'
import { CliFailure, type CliIo } from './cli-io.ts'
import { printable, type Colours } from './colours.ts'
import { formatTable } from './table.ts'

type ShownSession = ReplyOf<'sessions.show'>['session']

export function addSessionCommands(program: Command, io: CliIo): void {
  const sessions = addCommand(program, 'sessions', { description: 'what lives on after its call, sessions and units of stock: list, show, end' })

  addAdminCommand(sessions, 'list <account>', { description: 'list the sessions of an account, the newest first', examples: ['tollgate sessions list acme --state active'] })
    .option('--state <state>', 'active, released, terminated or expired')
    .option('--max <rows>', 'at most so many')
    .option('--after <cursor>', 'go on after this page')
    .action(async (account: string, { state, max, after }: { state?: string; max?: string; after?: string }, command: Command) => {
      const session = openSession(command, io)
      const reply = await session.call('sessions.list', { params: { id: account }, query: { state, after, limit: max } })
      session.show(reply, (colours) => (reply.sessions.length === 0 && reply.next === undefined ? 'There are no sessions.\n' : sessionTable(reply, colours)))
    })

  addAdminCommand(sessions, 'show <account> <session>', { description: 'show one session', examples: ['tollgate sessions show acme ses_1'] }).action(
    async (account: string, id: string, _, command: Command) => {
      const session = openSession(command, io)
      const reply = await session.call('sessions.show', { params: { id: account, session: id } })
      session.show(reply, (colours) => sessionText(reply.session, colours))
    },
  )

  addAdminCommand(sessions, 'end <account> <session>', {
    description: 'end a session and give back what it occupies; its money is not touched',
    examples: ['tollgate sessions end acme ses_1', 'tollgate sessions end acme ses_1 --confirm ses_1', 'tollgate sessions end acme ses_1 --as released --confirm ses_1'],
  })
    .option('--as <state>', 'terminated (the default) or released')
    .option('--confirm <session>', 'name it once more; without this nothing is ended')
    .action(async (account: string, id: string, { as, confirm }: { as?: string; confirm?: string }, command: Command) => {
      const session = openSession(command, io)
      if (confirm !== undefined && confirm !== id) throw new CliFailure(2, `--confirm names "${confirm}" and not "${id}"; nothing was ended`)
      if (confirm === undefined) {
        const { session: found } = await session.call('sessions.show', { params: { id: account, session: id } })
        throw new CliFailure(2, `this would end ${found.id} of ${account}, ${stateText(found)}, and give back ${takenText(found)}; to do it, add --confirm ${found.id}`)
      }
      const reply = await session.call('sessions.end', { params: { id: account, session: id }, body: { as } })
      session.show(reply, ({ green }) => `${green('Ended')} ${printable(reply.session.id)}: it is ${reply.session.state}.\n`)
    })
}

function takenText({ taken }: ShownSession): string {
  return taken.length === 0 ? 'nothing' : taken.map(({ meter, subject, quantity }) => `${quantity} of ${meter} (${subject})`).join(', ')
}

function stateText({ state, expiresAt, endedAt }: ShownSession): string {
  if (state !== 'active') return `${state} since ${endedAt ?? '?'}`
  return expiresAt === undefined ? 'active until it is ended' : `active until ${expiresAt}`
}

function sessionTable({ sessions, next }: ReplyOf<'sessions.list'>, colours: Colours): string {
  const table = formatTable<ShownSession>(
    [
      { title: 'SESSION', value: ({ id }) => id },
      { title: 'STATE', value: ({ state }) => state },
      { title: 'CREATED', value: ({ createdAt }) => createdAt },
      { title: 'EXPIRES', value: ({ expiresAt }) => expiresAt },
      { title: 'ENDED', value: ({ endedAt }) => endedAt },
      { title: 'OCCUPIES', value: (session) => (session.state === 'active' ? takenText(session) : '') },
    ],
    sessions,
    colours,
  )
  return next === undefined ? table : `${table}${colours.dim(`There are more: --after ${printable(next)}`)}\n`
}

function sessionText(session: ShownSession, colours: Colours): string {
  const { id, api, accountId, callId, createdAt, state } = session
  const lines: readonly (readonly [string, string])[] = [
    ['session', id],
    ['account', accountId],
    ['api', api],
    ['state', stateText(session)],
    [state === 'active' ? 'occupies' : 'occupied', takenText(session)],
    ['created', createdAt],
    ['request', callId],
  ]
  return lines.map(([label, value]) => `${colours.dim(label.padEnd(14))}${printable(value)}\n`).join('')
}
