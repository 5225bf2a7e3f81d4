/**
 * The command line. Commands that look at a running gateway ask its admin API; none of them opens the database.
 *
 * Exit codes: 0 done · 1 it could not be done · 2 the command or the configuration is wrong.
 */
import { Command, CommanderError } from 'commander'
import { suggestion } from '../config/read/suggestion.ts'
import { programVersion } from '../platform/version.ts'
import { addAccountCommands } from './account-commands.ts'
import { addAdminApiCommands } from './admin-api-commands.ts'
import { addCallCommands } from './call-commands.ts'
import { addCheckCommand } from './check-command.ts'
import { CliFailure, type CliIo, type ExitCode } from './cli-io.ts'
import { createColours } from './colours.ts'
import { addContractCommands } from './contract-commands.ts'
import { addCreditCommands } from './credit-commands.ts'
import { addDocsCommand } from './docs-command.ts'
import { addDiffCommand } from './diff-command.ts'
import { addDoctorCommand } from './doctor-command.ts'
import { addExplainCommand } from './explain-command.ts'
import { addImportCommand } from './import-command.ts'
import { addInitCommand } from './init-command.ts'
import { addKeyCommands } from './key-commands.ts'
import { addLintCommand } from './lint-command.ts'
import { addMigrateCommand } from './migrate-command.ts'
import { addMockCommand } from './mock-command.ts'
import { addOpenapiCommand } from './openapi-command.ts'
import { addOperationCommands } from './operation-commands.ts'
import { addRequestCommands } from './request-commands.ts'
import { addServeCommand } from './serve-command.ts'
import { addSessionCommands } from './session-commands.ts'
import { addStoreCommands } from './store-commands.ts'
import { addStopCommand } from './stop-command.ts'
import { addTypesCommand } from './types-command.ts'
import { addUsageCommand } from './usage-command.ts'

export type { CliIo, ExitCode } from './cli-io.ts'

/**
 * `argv` without the program: `['accounts', 'list']`. Never rejects.
 *
 * @example
 * async function version(io: CliIo): Promise<number> {
 *   return runCli(['--version'], io)
 * }
 */
export async function runCli(argv: readonly string[], io: CliIo): Promise<ExitCode> {
  const { red } = createColours(io)
  const fail = (message: string): void => io.stderr(message.split('\n').map((line) => `${red('tollgate:')} ${line}\n`).join(''))
  try {
    const program = createProgram(io)
    await program.parseAsync(argv[0] === 'help' ? helpOf(program, argv.slice(1)) : argv, { from: 'user' })
    return 0
  } catch (error) {
    // Commander has already said what is wrong, or shown the help that was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    if (error instanceof CliFailure) fail(error.message)
    else fail(unexpected(error, io))
    return error instanceof CliFailure ? error.exitCode : 1
  }
}

/** `help accounts create` is `accounts create --help`: Commander looks at the first word only. */
function helpOf(program: Command, words: readonly string[]): readonly string[] {
  let command = program
  for (const word of words.filter((each) => !each.startsWith('-'))) {
    const next = command.commands.find((each) => each.name() === word || each.aliases().includes(word))
    // What stands after a command that has no more below it is one of its arguments.
    if (next === undefined && command.commands.length === 0) break
    if (next === undefined) throw new CliFailure(2, `there is no command "${word}" here${suggestion(word, command.commands.map((each) => each.name()))}`)
    command = next
  }
  return [...pathOf(command), '--help']
}

function pathOf(command: Command): readonly string[] {
  return command.parent === null ? [] : [...pathOf(command.parent), command.name()]
}

/** Behind what is wrong with a command, how it is written. */
function sayWhatHelps(command: Command): void {
  const path = ['tollgate', ...pathOf(command)]
  command.showHelpAfterError(command.commands.length === 0 ? `Usage: ${path.join(' ')} ${command.usage()}` : `"${path.toSpliced(1, 0, 'help').join(' ')}" lists the commands.`)
  for (const each of command.commands) sayWhatHelps(each)
}

/** A mistake of ours. Where it stands in the code helps nobody but us. */
function unexpected(error: unknown, { env }: Pick<CliIo, 'env'>): string {
  if (!(error instanceof Error)) return String(error)
  return env['TOLLGATE_DEBUG'] === undefined ? `${error.message} (this was not expected; TOLLGATE_DEBUG=1 shows where it happened)` : (error.stack ?? error.message)
}

export function createProgram(io: CliIo): Command {
  const program = new Command('tollgate')
    .description('A gateway that refuses through one contract.')
    .version(programVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .configureOutput({
      writeOut: io.stdout,
      writeErr: io.stderr,
      outputError: (text, write) => write(text.replace(/^error:/, createColours(io).red('tollgate:'))),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .exitOverride()
    // `openapi` has a --version of its own.
    .enablePositionalOptions()
    .showSuggestionAfterError()
    .addHelpText(
      'after',
      '\nExamples:\n  $ tollgate serve\n  $ tollgate accounts create --api chatads --plan free --name "Acme Ltd" --id acme\n  $ tollgate keys create acme\n  $ tollgate credits grant acme 50.00 --reason "invoice 117" --id invoice-117\n  $ tollgate request 3f9c2a9e-1c5b-4a86-9d5c-0b6b8f1d2e77\n\nExit codes: 0 done, 1 it could not be done, 2 the command or the configuration is wrong.',
    )
  addInitCommand(program, io)
  addServeCommand(program, io)
  addMigrateCommand(program, io)
  addCheckCommand(program, io)
  addContractCommands(program, io)
  addLintCommand(program, io)
  addDiffCommand(program, io)
  addMockCommand(program, io)
  addDocsCommand(program, io)
  addOpenapiCommand(program, io)
  addExplainCommand(program, io)
  addTypesCommand(program, io)
  addImportCommand(program, io)
  addAccountCommands(program, io)
  addKeyCommands(program, io)
  addUsageCommand(program, io)
  addCreditCommands(program, io)
  addSessionCommands(program, io)
  addCallCommands(program, io)
  addRequestCommands(program, io)
  addOperationCommands(program, io)
  addAdminApiCommands(program, io)
  addDoctorCommand(program, io)
  addStoreCommands(program, io)
  addStopCommand(program, io)
  sayWhatHelps(program)
  return program
}
