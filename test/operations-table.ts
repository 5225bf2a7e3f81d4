/** The table of the admin API in docs/operations.md: each operation, and the commands that ask it. Which those are is found out by running each of them. */
import type { Command } from 'commander'
import { createProgram, type CliIo } from '../packages/gateway/src/cli/run-cli.ts'
import { findOperation } from '../packages/gateway/src/operator/find-operation.ts'
import { openApiOf } from '../packages/gateway/src/operator/open-api.ts'
import { operations } from '../packages/gateway/src/operator/operations.ts'

export async function operationsTable(): Promise<string> {
  const commands = await commandsByOperation()
  const rows = operations.map(({ name, method, path, words }) => `| \`${method} ${path}\` | ${words.replaceAll('|', String.raw`\|`)} | ${shown(commands.get(name) ?? [])} |\n`)
  return `| Request | What it does | Command |\n|---|---|---|\n${rows.join('')}`
}

/** `tollgate keys disable`, `enable`: the noun is said once. */
function shown(commands: readonly string[]): string {
  return commands.map((command, at) => {
    const [noun = '', verb] = command.split(' ')
    const isSaid = verb !== undefined && commands.slice(0, at).some((before) => before.startsWith(`${noun} `))
    return `\`${isSaid ? verb : `tollgate ${command}`}\``
  }).join(', ')
}

async function commandsByOperation(): Promise<ReadonlyMap<string, readonly string[]>> {
  const asking = new Map<string, string[]>()
  for (const argv of runsOf(createProgram(ioAsking(() => undefined)), [])) {
    for (const name of await operationsAskedBy(argv.words)) {
      const known = asking.get(name) ?? []
      if (!known.includes(argv.command)) asking.set(name, [...known, argv.command])
    }
  }
  return asking
}

interface Run {
  /** `keys list` */
  readonly command: string
  readonly words: readonly string[]
}

/** Each command that asks the admin API, with something for whatever it must be given; and once more where it has to be confirmed. */
function runsOf(command: Command, path: readonly string[]): readonly Run[] {
  if (command.commands.length > 0) return command.commands.flatMap((each) => runsOf(each, [...path, each.name()]))
  if (!command.options.some(({ long }) => long === '--admin')) return []
  const given = command.registeredArguments.map(({ argChoices }) => argChoices?.[0] ?? '1')
  const needed = command.options.filter(({ mandatory }) => mandatory).flatMap(({ long }) => [long ?? '', '1'])
  const words = [...path, ...given, ...needed]
  const confirmed = command.options.some(({ long }) => long === '--confirm') ? [{ command: path.join(' '), words: [...words, '--confirm', '1'] }] : []
  return [{ command: path.join(' '), words }, ...confirmed]
}

async function operationsAskedBy(words: readonly string[]): Promise<readonly string[]> {
  const asked: string[] = []
  const program = createProgram(ioAsking((name) => asked.push(name)))
  // What it makes of so poor a reply does not matter here.
  await program.parseAsync(words, { from: 'user' }).catch(() => undefined)
  if (asked.length === 0) throw new Error(`tollgate ${words.join(' ')} asks nothing`)
  return asked
}

const { paths } = openApiOf(operations, '0')

function ioAsking(note: (name: string) => void): CliIo {
  return {
    stdout: () => undefined,
    stderr: () => undefined,
    readStdin: () => Promise.resolve('secret'),
    env: { TOLLGATE_ADMIN: 'http://127.0.0.1:1', TOLLGATE_ADMIN_TOKEN: 'token' },
    cwd: '/',
    fetch: (url, { method = 'GET' } = {}) => {
      const found = findOperation(method, new URL(String(url)).pathname)
      if (!found.ok) return Promise.reject(new Error('there is no such operation'))
      const { name, path } = found.value.operation
      note(name)
      const reply = paths[path]?.[method.toLowerCase()]?.responses['2XX'] as { readonly content: { readonly 'application/json': { readonly schema: Schema } } }
      return Promise.resolve(new Response(JSON.stringify(sampleOf(reply.content['application/json'].schema))))
    },
    isTerminal: false,
    onSignal: () => () => undefined,
    exit: () => undefined,
  }
}

interface Schema {
  readonly type?: string | readonly string[]
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly examples?: readonly unknown[]
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly properties?: { readonly [name: string]: Schema }
  readonly required?: readonly string[]
}

/** The least that fits. */
function sampleOf({ type, const: only, enum: choices, examples, anyOf, oneOf, properties = {}, required = [] }: Schema): unknown {
  const [first] = [...(only === undefined ? [] : [only]), ...(choices ?? []), ...(examples ?? [])]
  if (first !== undefined) return first
  const [variant] = anyOf ?? oneOf ?? []
  if (variant !== undefined) return sampleOf(variant)
  const samples: { readonly [type: string]: unknown } = { string: '1', number: 0, integer: 0, boolean: true, array: [], null: null }
  const one = typeof type === 'string' ? type : (type?.[0] ?? 'null')
  return one === 'object' ? Object.fromEntries(required.map((name) => [name, sampleOf(properties[name] ?? {})])) : samples[one]
}
