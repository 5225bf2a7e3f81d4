/** `tollgate keys …` */
import type { Command } from 'commander'
import type { ReplyOf } from '../operator/operation-call.ts'
import { addAdminCommand, addCommand, collectOption, openSession, type CommandText } from './admin-command.ts'
import { CliFailure, type CliIo } from './cli-io.ts'
import { printable, type Colours } from './colours.ts'
import { collectLimits, firstLimits, formatLimits, type MeterLimits } from './meter-limits.ts'
import { formatTable } from './table.ts'

type ShownKey = ReplyOf<'keys.show'>['key']

interface KeyOptions {
  readonly label?: string
  readonly user?: string
  readonly scope: readonly string[]
  readonly limit: MeterLimits
  readonly expires?: string
  readonly withSecret?: boolean
}

export function addKeyCommands(program: Command, io: CliIo): void {
  const keys = addCommand(program, 'keys', { description: 'keys of an account: list, show, find, create, import, update, rotate, disable, enable, revoke' })

  addAdminCommand(keys, 'list <account>', { description: 'list the keys of an account' }).action(async (id: string, _, command: Command) => {
    const session = openSession(command, io)
    const reply = await session.call('keys.list', { params: { id } })
    session.show(reply, (colours) => (reply.keys.length === 0 ? 'This account has no keys.\n' : keyTable(reply.keys, colours)))
  })

  addAdminCommand(keys, 'show <key>', { description: 'show one key, without its secret' }).action(async (id: string, _, command: Command) => {
    const session = openSession(command, io)
    const reply = await session.call('keys.show', { params: { id } })
    session.show(reply, (colours) => keyTable([reply.key], colours))
  })

  addAdminCommand(keys, 'find', {
    description: 'say which key has a secret, and whose it is; the secret is read from stdin',
    examples: ['printf %s "$KEY" | tollgate keys find'],
  }).action(async (_, command: Command) => {
    const session = openSession(command, io)
    const reply = await session.call('keys.find', { body: { secret: await readSecret(io, 'keys find') } })
    const { key, account } = reply
    session.show(reply, (colours) => `${key.id} of ${account.id} (${printable(account.name)}), which is ${account.status} on plan ${account.plan}.\n${keyTable([key], colours)}`)
  })

  addAdminCommand(keys, 'update <key>', {
    description: 'change what a key may do, how far, and how long',
    examples: ['tollgate keys update key_1f0a --limit spending=20.00', 'tollgate keys update key_1f0a --limit spending=plan --expires 90d'],
  })
    .option('--label <label>', 'what to remember it by')
    .option('--scope <scope>', 'what it may do, in place of what it might before; may be repeated', collectOption, [])
    .option('--limit <meter=limit>', 'a limit of its own, METER=plan to take it away; may be repeated', collectLimits, {})
    .option('--expires <when>', 'when it ends: an instant, or in how long: 90d; "never"')
    .action(async (id: string, { label, scope, limit, expires }: KeyOptions, command: Command) => {
      const session = openSession(command, io)
      const scopes = scope.length === 0 ? undefined : scope
      const limits = Object.keys(limit).length === 0 ? undefined : limit
      const reply = await session.call('keys.update', { params: { id }, body: { label, scopes, limits, expiresAt: expires === 'never' ? null : expires } })
      session.show(reply, (colours) => `${colours.green('Changed.')}\n${keyTable([reply.key], colours)}`)
    })

  addNewKeyCommand(keys, 'create <account>', {
    description: 'create a key; its secret is shown once, now',
    examples: ['tollgate keys create acme --label production', 'tollgate keys create acme --scope read --expires 2027-01-01T00:00:00Z', 'tollgate keys create acme --with-secret'],
  })
    .option('--with-secret', 'with a second secret, to exchange both for tokens where the API gives them')
    .action(async (id: string, options: KeyOptions, command: Command) => {
      const session = openSession(command, io)
      const reply = await session.call('keys.create', { params: { id }, body: { ...bodyOf(options), withSecret: options.withSecret } })
      session.show(reply, (colours) => `${colours.green('Created')} ${reply.key.id}. ${secretText(reply, colours)}`)
    })

  addNewKeyCommand(keys, 'import <account>', {
    description: 'take over a key that exists elsewhere; its secret is read from stdin',
    examples: ['printf %s "$OLD_KEY" | tollgate keys import acme'],
  }).action(async (id: string, options: KeyOptions, command: Command) => {
    const session = openSession(command, io)
    const secret = await readSecret(io, 'keys import ACCOUNT')
    const reply = await session.call('keys.import', { params: { id }, body: { ...bodyOf(options), secret } })
    session.show(reply, ({ green }) => `${green('Imported')} as ${reply.key.id} (${reply.key.hint}…).\n`)
  })

  addAdminCommand(keys, 'rotate <key>', {
    description: 'replace a key by a new one with the same rights and limits; the old one stays good for the overlap',
    examples: ['tollgate keys rotate key_1f0a', 'tollgate keys rotate key_1f0a --overlap 7d'],
  })
    .option('--overlap <duration>', 'how long the old one stays good: 24h (the default), 7d, 0s')
    .action(async (id: string, { overlap }: { overlap?: string }, command: Command) => {
      const session = openSession(command, io)
      const reply = await session.call('keys.rotate', { params: { id }, body: { overlap } })
      session.show(reply, (colours) => `${colours.green('Rotated')}: ${reply.key.id} follows ${id}, which is good until ${reply.previous.expiresAt ?? '?'}. ${secretText(reply, colours)}`)
    })

  addAdminCommand(keys, 'rotate-secret <key>', {
    description: 'give a key a new secret for tokens; those before stay good for the overlap',
    examples: ['tollgate keys rotate-secret key_1f0a --overlap 1h'],
  })
    .option('--overlap <duration>', 'how long the old one stays good: 1h, 0s (default: the API’s tokens.overlap)')
    .action(async (id: string, { overlap }: { overlap?: string }, command: Command) => {
      const session = openSession(command, io)
      const reply = await session.call('keys.rotate-secret', { params: { id }, body: { overlap } })
      const before = reply.previousValidUntil === undefined ? 'It had none before' : `The one before is good until ${reply.previousValidUntil}`
      session.show(reply, (colours) => `${colours.green('Rotated')} the secret of ${id}. ${before}. ${secretText(reply, colours)}`)
    })

  for (const [verb, status, done, description] of [
    ['disable', 'disabled', 'Disabled', 'refuse a key until it is enabled again'],
    ['enable', 'active', 'Enabled', 'accept a disabled key again'],
    ['revoke', 'revoked', 'Revoked', 'refuse a key for good'],
  ] as const) {
    addAdminCommand(keys, `${verb} <key>`, { description }).action(async (id: string, _, command: Command) => {
      const session = openSession(command, io)
      const reply = await session.call('keys.update', { params: { id }, body: { status } })
      session.show(reply, ({ green }) => `${green(done)} ${reply.key.id} (${reply.key.hint}…) of ${reply.key.accountId}.\n`)
    })
  }
}

/** From stdin, where neither the shell's history nor a list of processes shows it. */
async function readSecret(io: CliIo, command: string): Promise<string> {
  const secret = (await io.readStdin()).trim()
  if (secret === '') throw new CliFailure(2, `there was no secret on stdin; pipe it in: printf %s "$KEY" | tollgate ${command}`)
  return secret
}

function addNewKeyCommand(keys: Command, usage: string, text: CommandText): Command {
  return addAdminCommand(keys, usage, text)
    .option('--label <label>', 'what to remember it by')
    .option('--user <id>', 'the user within the account')
    .option('--scope <scope>', 'what it may do; may be repeated', collectOption, [])
    .option('--limit <meter=limit>', 'a limit of its own; may be repeated', collectLimits, {})
    .option('--expires <when>', 'when it ends: 2027-01-01T00:00:00Z, or in how long: 90d')
}

/** `apiSecret`: beside the key, to exchange both for tokens. */
function secretText({ secret, apiSecret }: { readonly secret?: string; readonly apiSecret?: string | undefined }, { bold, dim }: Colours): string {
  const shown = secret === undefined ? [apiSecret] : [secret, ...(apiSecret === undefined ? [] : [apiSecret])]
  const what = secret === undefined ? 'The new secret, which is' : shown.length === 1 ? 'Its secret, which is' : 'Key and secret, which are'
  return `${what} shown only now:\n\n${shown.map((text) => `  ${bold(text ?? '')}\n`).join('')}\n${dim('Keep it safe: only its hash is stored.')}\n`
}

function bodyOf({ label, user, scope, limit, expires }: KeyOptions) {
  return { label, userId: user, scopes: scope, limits: firstLimits(limit), expiresAt: expires }
}

function keyTable(keys: readonly ShownKey[], colours: Colours): string {
  return formatTable<ShownKey>(
    [
      { title: 'KEY', value: ({ id }) => id },
      { title: 'BEGINS WITH', value: ({ hint }) => `${hint}…` },
      { title: 'LABEL', value: ({ label }) => label },
      { title: 'STATUS', value: ({ status }) => status },
      { title: 'SCOPES', value: ({ scopes }) => scopes.join(' ') },
      { title: 'OWN LIMITS', value: ({ limits }) => formatLimits(limits) },
      { title: 'EXPIRES', value: ({ expiresAt }) => expiresAt },
      { title: 'CREATED', value: ({ createdAt }) => createdAt },
    ],
    keys,
    colours,
  )
}
