/** `tollgate store …`: databases themselves, while no gateway runs on them. */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { CopyOutcome, CopyStep } from 'tollgate/stores/copy'
import { addCommand } from './admin-command.ts'
import { CliFailure, type CliIo } from './cli-io.ts'
import { createColours, printable } from './colours.ts'
import { createSystemClock } from '../platform/system-clock.ts'
import { urlWithoutSecrets } from '../platform/server-url.ts'

interface CopyCommandOptions {
  readonly to?: string
  readonly restart?: boolean
  readonly json?: boolean
}

/** So often a line says how far it has come. */
const PROGRESS_ROWS = 50_000

export function addStoreCommands(program: Command, io: CliIo): void {
  const store = addCommand(program, 'store', { description: 'databases themselves, while no gateway runs on them: copy' })

  addCommand(store, 'copy <sqlite>', {
    description: 'copy a SQLite database into an empty Postgres database, and check the ledger on both sides',
    examples: ['DATABASE_URL=postgres://tollgate@db/tollgate tollgate store copy ./data/tollgate.db', 'tollgate store copy ./data/tollgate.db --restart'],
  })
    .option('--to <url>', 'the Postgres database (DATABASE_URL, which other users of the machine do not see)')
    .option('--restart', 'empty what a copy that was begun has written, and begin anew')
    .option('--json', 'print what was copied as JSON')
    .addHelpText('after', '\nStop the gateway first. A copy that was cut off goes on with the same command. The SQLite database stays as it is.')
    .action((file: string, options: CopyCommandOptions) => copy(file, options, io))
}

async function copy(file: string, { to = '', restart, json }: CopyCommandOptions, io: CliIo): Promise<void> {
  const url = to === '' ? (io.env['DATABASE_URL'] ?? '') : to
  if (url === '') throw new CliFailure(2, 'say where to: DATABASE_URL, or --to postgres://user@host/database')
  if (!/^postgres(?:ql)?:\/\//.test(url)) throw new CliFailure(2, `"${urlWithoutSecrets(url)}" is no address of a Postgres database; write postgres://user@host/database`)
  const path = resolve(io.cwd, file)
  if (!existsSync(path)) throw new CliFailure(2, `there is no file ${file}`)
  // Loaded here: no other command needs both engines.
  const [{ copyToPostgres }, { closeSqliteDatabase }, { openSqliteDatabase }, { connectPostgres }] = await Promise.all([import('tollgate/stores/copy'), import('tollgate/stores/sqlite'), import('../platform/sqlite-database.ts'), import('../platform/postgres.ts')])
  const source = openSource(() => openSqliteDatabase(path))
  const clock = createSystemClock()
  try {
    const outcome = await copyToPostgres({ source, connect: connectPostgres({ url }), clock, restart: restart === true, progress: progressTo(io) })
    io.stdout(json === true ? `${JSON.stringify(outcome, null, 2)}\n` : textOf(outcome, io))
    if (outcome.faults.length > 0 && json !== true) io.stderr(`${createColours(io).yellow('warning:')} the ledger had faults before, and has the same now: ${printable(outcome.faults[0]?.message ?? '')}\n`)
  } catch (error) {
    throw new CliFailure(1, printable(error instanceof Error ? error.message : String(error)))
  } finally {
    closeSqliteDatabase(source)
  }
}

function openSource<Database>(open: () => Database): Database {
  try {
    return open()
  } catch (error) {
    throw new CliFailure(1, printable(error instanceof Error ? error.message : String(error)))
  }
}

function progressTo(io: CliIo): (step: CopyStep) => void {
  let said = 0
  return ({ table, done, total }) => {
    const mark = Math.floor(done / PROGRESS_ROWS)
    if (mark === said || done === total) said = done === total ? 0 : said
    else {
      said = mark
      io.stderr(`${table}: ${done} of ${total} …\n`)
    }
  }
}

function textOf({ tables, resumed, faults }: CopyOutcome, io: CliIo): string {
  const { green } = createColours(io)
  const rows = tables.map(({ table, done }) => `  ${table.padEnd(22)} ${done}\n`).join('')
  return `${green('Copied')}${resumed ? ', going on where it had stopped' : ''}:\n${rows}${faults.length === 0 ? 'The ledger adds up on both sides. ' : ''}Next: store: { postgres: "\${DATABASE_URL}" } in the configuration, then tollgate serve.\n`
}
