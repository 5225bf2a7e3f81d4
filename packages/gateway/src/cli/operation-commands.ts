/** The gateway itself: status, apis, plans, switches, audit, reload, backup. */
import { resolve } from 'node:path'
import { Argument, type Command } from 'commander'
import { spanText } from '../program/clock-watch.ts'
import { addAdminCommand, addCommand, openSession } from './admin-command.ts'
import { CliFailure, type CliIo } from './cli-io.ts'
import { printable } from './colours.ts'
import { formatLimits } from './meter-limits.ts'
import { formatTable } from './table.ts'

export function addOperationCommands(program: Command, io: CliIo): void {
  addAdminCommand(program, 'status', { description: 'how the gateway is doing', examples: ['tollgate status', 'tollgate status --wait'] }).action(async (_, command: Command) => {
    const session = openSession(command, io, { waitMs: 0 })
    const reply = await session.call('gateway.status', {})
    session.show(reply, ({ bold, red }) => {
      const alerts = reply.alerts.map(({ at, kind, message }) => `  ${red(kind)} at ${at}: ${printable(message)}\n`).join('')
      const { aheadMs } = reply
      const time = aheadMs < 1_000 ? '' : `${red('Time')}: it is ${reply.now} here, ${spanText(aheadMs)} ahead of this machine; see docs/operations.md, "Time"\n`
      return `${bold(`tollgate ${reply.version}`)} at ${reply.url} since ${reply.startedAt}\nAPIs: ${reply.apis.join(', ')} · store: ${reply.store}\n${time}${alerts === '' ? 'No alerts.\n' : `Alerts:\n${alerts}`}`
    })
  })

  const apis = addCommand(program, 'apis', { description: 'the APIs of the configuration' })
  addAdminCommand(apis, 'list', { description: 'list APIs and their switches' }).action(async (_, command: Command) => {
    const session = openSession(command, io)
    const reply = await session.call('apis.list', {})
    session.show(reply, (colours) =>
      formatTable(
        [
          { title: 'API', value: ({ name }) => name },
          { title: 'MOUNT', value: ({ mount }) => mount },
          { title: 'CONTRACT', value: ({ contract }) => contract },
          { title: 'UPSTREAM', value: ({ upstream }) => upstream },
          { title: 'ROUTES', value: ({ routes }) => routes.length, right: true },
          { title: 'SWITCHES', value: ({ switches: { maintenance, overload } }) => [maintenance.on && 'maintenance', overload.on && 'overload'].filter(Boolean).join(', ') },
        ],
        reply.apis,
        colours,
      ),
    )
  })

  const plans = addCommand(program, 'plans', { description: 'the plans of the configuration' })
  addAdminCommand(plans, 'list', { description: 'list plans and their limits' }).action(async (_, command: Command) => {
    const session = openSession(command, io)
    const reply = await session.call('plans.list', {})
    session.show(reply, (colours) =>
      reply.plans.length === 0
        ? 'The configuration has no plans.\n'
        : formatTable(
            [
              { title: 'PLAN', value: ({ name }) => name },
              { title: 'API', value: ({ api }) => api },
              { title: 'LIMITS', value: ({ limits }) => formatLimits(limits) },
            ],
            reply.plans,
            colours,
          ),
    )
  })

  addSwitch(program, io, 'maintenance', 'answer that an API is down for maintenance', ['tollgate maintenance on chatads --until 2h', 'tollgate maintenance on chatads --until 2026-12-01T06:00:00Z', 'tollgate maintenance off chatads'])
  addSwitch(program, io, 'overload', 'shed the load of an API', ['tollgate overload on chatads', 'tollgate overload off chatads'])

  const audit = addCommand(program, 'audit', { description: 'who changed what' })
  addAdminCommand(audit, 'list', { description: 'list changes, the newest first' })
    .option('--max <rows>', 'at most so many')
    .option('--after <id>', 'go on after this row')
    .action(async (options: { max?: string; after?: string }, command: Command) => {
      const session = openSession(command, io)
      const reply = await session.call('audit.list', { query: { limit: options.max, after: options.after } })
      session.show(reply, (colours) =>
        formatTable(
          [
            { title: 'AT', value: ({ at }) => at },
            { title: 'WHO', value: ({ detail }) => String(detail['who'] ?? '') },
            { title: 'ACTION', value: ({ action }) => action },
            { title: 'WHAT', value: ({ detail }) => String(detail['session'] ?? detail['call'] ?? detail['key'] ?? detail['account'] ?? detail['api'] ?? detail['file'] ?? '') },
          ],
          reply.audit,
          colours,
        ),
      )
    })

  addAdminCommand(program, 'reload', { description: 'read the configuration again; a bad one changes nothing' }).action(async (_, command: Command) => {
    const session = openSession(command, io)
    const reply = await session.call('gateway.reload', {})
    session.show(reply, ({ green }) => `${green('Reloaded.')}\n`)
  })

  addAdminCommand(program, 'backup <file>', {
    description: 'write a whole, consistent copy of the database to a new file on the gateway’s machine',
    examples: ['tollgate backup /var/backups/tollgate-2026-11-22.db'],
  }).action(async (file: string, _, command: Command) => {
    const session = openSession(command, io)
    const reply = await session.call('store.backup', { body: { file: resolve(io.cwd, file) } })
    session.show(reply, ({ green }) => `${green('Written')} to ${reply.file}.\n`)
  })
}

/** `tollgate maintenance on API`, `tollgate maintenance off API`. */
function addSwitch(program: Command, io: CliIo, name: 'maintenance' | 'overload', description: string, examples: readonly string[]): void {
  const command = addAdminCommand(program, name, { description, examples })
    .addArgument(new Argument('<state>', 'what it is from now on').choices(['on', 'off']))
    .argument('<api>', 'the API')
  if (name === 'maintenance') command.option('--until <when>', 'when it will be over, an instant, or in how long: 1h; callers are told to wait so long')
  command.action(async (state: string, api: string, { until }: { until?: string }) => {
    if (state === 'off' && until !== undefined) throw new CliFailure(2, `--until goes with on: tollgate ${name} on ${api} --until ${until}`)
    const session = openSession(command, io)
    const reply = await session.call(`apis.${name}`, { params: { api }, body: { on: state === 'on', until } })
    const end = reply.switches.maintenance.until
    session.show(reply, ({ green }) => `${green(`${name} is ${state}`)} for ${api}${end === undefined || name === 'overload' ? '' : ` until ${end}`}.\n`)
  })
}
