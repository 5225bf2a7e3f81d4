/** Commands that ask the admin API: the flags that they share and what they work with. */
import { InvalidArgumentError, type Command } from 'commander'
import { parseDuration } from '../config/read/units.ts'
import type { InputOf, ReplyOf } from '../operator/operation-call.ts'
import type { OperationName } from '../operator/operations.ts'
import { createAdminClient } from './admin-client.ts'
import type { DownAdvice } from './connection-fault.ts'
import { locateAdmin, type LocationOptions } from './admin-location.ts'
import { CliFailure, NotUpYet, type CliIo } from './cli-io.ts'
import { createColours, type Colours } from './colours.ts'
import { whenUp } from './when-up.ts'

export interface Session {
  readonly colours: Colours
  /** Ends the command with a sentence for its user if there is no reply. */
  call<Name extends OperationName>(name: Name, input: InputOf<Name>): Promise<ReplyOf<Name>>
  /** The reply as JSON when that was asked for, otherwise as text. */
  show(reply: unknown, text: (colours: Colours) => string): void
}

export interface CommandText {
  readonly description: string
  readonly examples?: readonly string[]
}

/** A command below `parent`: `create <account>`. */
export function addCommand(parent: Command, usage: string, { description, examples = [] }: CommandText): Command {
  const command = parent.command(usage).description(description)
  if (examples.length > 0) command.addHelpText('after', `\nExamples:\n${examples.map((example) => `  $ ${example}\n`).join('')}`)
  return command
}

export function addAdminCommand(parent: Command, usage: string, text: CommandText): Command {
  return addCommand(parent, usage, text)
    .option('--json', 'print the reply as JSON')
    .option('--admin <url>', 'where the admin API is (TOLLGATE_ADMIN; default: as the configuration says)')
    .option('--token <token>', 'its token (TOLLGATE_ADMIN_TOKEN; default: the token file of the configuration)')
    .option('--ca <file>', 'trust the certificates that these authorities have signed (TOLLGATE_ADMIN_CA)')
    .option('--config <file>', 'the configuration to find both in (TOLLGATE_CONFIG; default: tollgate.yaml)')
    .option('--wait [duration]', 'how long to wait for a gateway on this machine that starts (default: 10s, of status and stop 0s; without a value: 1m)', toDuration)
}

/** Long enough for a gateway that was started in the line before. */
const WAIT_MS = 10_000
const WAIT_MS_ASKED = 60_000

function toDuration(text: string): number {
  const ms = text === '0' ? 0 : parseDuration(text)
  if (ms === undefined) throw new InvalidArgumentError('Write a duration with its unit: 10s, 1m, 0s.')
  return ms
}

export interface SessionOptions {
  /** Where it is not said. */
  readonly waitMs?: number
  readonly advice?: DownAdvice
}

export function openSession(command: Command, io: CliIo, { waitMs = WAIT_MS, advice }: SessionOptions = {}): Session {
  const { wait = waitMs, ...options } = command.opts<LocationOptions & { readonly json?: boolean; readonly wait?: number | true }>()
  const colours = createColours(io)
  return {
    call: (name, input) =>
      whenUp(
        async () => {
          const called = await createAdminClient(locateAdmin(options, io, advice), io, { advice, nameOf: (field) => nameFor(command, field) }).call(name, input)
          if (called.kind === 'answered') return called.reply
          const failure = new CliFailure(1, called.message)
          throw called.kind === 'not-up-yet' ? new NotUpYet(failure) : failure
        },
        wait === true ? WAIT_MS_ASKED : wait,
        io,
      ),
    colours,
    show: (reply, text) => io.stdout(options.json === true ? `${JSON.stringify(reply, null, 2)}\n` : text(colours)),
  }
}

/** Fields of the API whose options have another name. */
const otherNames: { readonly [field: string]: string } = { limit: '--max', expiresAt: '--expires', userId: '--user', scopes: '--scope', grantId: '--id', debitId: '--id' }

/** A field of the API as the user of this command has written it. */
function nameFor({ options }: Command, field: string): string {
  const flag = (Object.hasOwn(otherNames, field) ? otherNames[field] : undefined) ?? `--${field.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
  return options.some(({ long }) => long === flag) ? flag : field
}

/** For options that may be given several times. */
export function collectOption(value: string, before: readonly string[]): readonly string[] {
  return [...before, value]
}
