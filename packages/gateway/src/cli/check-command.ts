/** `tollgate check`: what can be said of a configuration without a running gateway; and, of an address, how a live API answers (`live-check.ts`). */
import { statSync } from 'node:fs'
import { dirname } from 'node:path'
import { InvalidArgumentError, Option, type Command } from 'commander'
import { parseDuration } from '../config/read/units.ts'
import { shownPath } from '../config/read/files.ts'
import { engineName, type StoreConfig } from '../config/engine-config.ts'
import type { GatewayConfig } from '../config/gateway-config.ts'
import { formatProblem, type ConfigProblem } from '../config/read/config-problem.ts'
import { tlsNotice } from '../tls/tls-notice.ts'
import { addCommand, collectOption } from './admin-command.ts'
import type { LiveCheckFlags } from './live-check.ts'
import { configFileOf, DEFAULT_CONFIG } from './admin-location.ts'
import { CliFailure, type CliIo } from './cli-io.ts'
import { createColours } from './colours.ts'

export function addCheckCommand(program: Command, io: CliIo): void {
  const colours = createColours(io)

  const command = addCommand(program, 'check', {
    description: 'check a configuration and everything that it names; or, of an address, that a live API refuses by its contract',
    examples: [
      'tollgate check',
      'tollgate check staging.yaml --json',
      'tollgate check https://api.example.com/v1 --contract ./my-contract.yaml --plan check.yaml --dry-run',
      'tollgate check https://api.example.com/v1 --contract ./my-contract.yaml --openapi api.yaml --key valid --junit report.xml',
    ],
  })
    .argument('[config or url]', `the configuration (TOLLGATE_CONFIG; default: ${DEFAULT_CONFIG}); or the address of an API`)
    .option('--json', 'print the summary, or the report, as JSON')
    .option('--strict', 'of a configuration: take warnings for problems')
    .addHelpText('after', '\nOf an address, exit code 0: no violation, 1: a violation, or the API could not be asked, 2: the command or the plan is wrong. docs/check.md has it all.')
  for (const option of liveOptions) command.addOption(option())
  command.action(async (target: string | undefined, { json, strict, ...live }: { json?: boolean; strict?: boolean } & Partial<LiveCheckFlags> & { readonly planSchema?: boolean }) => {
    if (live.planSchema === true) return io.stdout(`${JSON.stringify((await import('../check/plan/plan-shape.ts')).planJsonSchema(), null, 2)}\n`)
    const { contract } = live
    if (isAddress(target) || contract !== undefined) {
      if (target === undefined || !isAddress(target)) throw new CliFailure(2, `--contract is for a live API, and ${target === undefined ? 'no address is given' : `"${target}" is no address`}; write: tollgate check https://api.example.com --contract ${contract}. A configuration is checked without it: tollgate check ${target ?? DEFAULT_CONFIG}. A contract: tollgate contract check ${contract}`)
      if (contract === undefined) throw new CliFailure(2, `by which contract? write: tollgate check ${target} --contract CONTRACT, a shipped one such as chatads, or a file`)
      if (strict === true) throw new CliFailure(2, '--strict is for a configuration')
      return (await import('./live-check.ts')).checkLive(target, { ...live, contract, json: json === true }, io)
    }
    const [only] = Object.keys(live)
    if (only !== undefined) throw new CliFailure(2, `--${only.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} is for a live API: tollgate check URL --contract CONTRACT`)
    return checkConfig(target, json === true, strict === true)
  })

  async function checkConfig(config: string | undefined, json: boolean, strict: boolean): Promise<void> {
    const { loadConfig } = await import('../config/load-config.ts')
    const file = configFileOf(config, 'check', io)
    const loaded = loadConfig(file, { environment: io.env })
    const problems = loaded.ok ? problemsOfPlace(loaded.value.store, shownPath(file)) : loaded.problems
    if (json && problems.length > 0) io.stdout(`${JSON.stringify({ ok: false, problems }, null, 2)}\n`)
    if (!loaded.ok || problems.length > 0) throw new CliFailure(2, problems.map(formatProblem).join('\n'))
    const warnings = [...loaded.warnings, ...tlsWarnings(loaded.value, Date.now())].map(formatProblem)
    if (strict && warnings.length > 0 && json) io.stdout(`${JSON.stringify({ ok: false, problems: [], warnings }, null, 2)}\n`)
    if (strict && warnings.length > 0) throw new CliFailure(2, warnings.join('\n'))
    const summary = summaryOf(loaded.value)
    if (json) return io.stdout(`${JSON.stringify({ ok: true, ...summary, warnings }, null, 2)}\n`)
    io.stdout(`${colours.green('The configuration is fine.')}\n${summaryText(summary)}`)
    if (warnings.length > 0) io.stderr(`${warnings.map((warning) => `${colours.yellow('warning:')} ${warning}\n`).join('')}`)
  }
}

/** What is checked is a live API. */
export function isAddress(target: string | undefined): target is string {
  return target !== undefined && /^[a-z][a-z0-9+.-]*:\/\//i.test(target)
}

const several = (flags: string, description: string) => (): Option => new Option(flags, description).argParser((value: string, before: readonly string[] | undefined) => collectOption(value, before ?? []))

const liveOptions: readonly (() => Option)[] = [
  () => new Option('--contract <contract>', 'of an address: a shipped contract, or a file'),
  () => new Option('--plan <file>', 'credentials, calls that succeed, and refusals of your own, in YAML or JSON: docs/check.md'),
  () => new Option('--openapi <file>', 'calls from an OpenAPI document'),
  several('--key <name=key>', 'a credential, by what it is: valid, expired, revoked, disabled, suspended, …; NAME alone: from the environment variable KEY_NAME'),
  () => new Option('--key-header <header>', 'where credentials are sent, if nothing else says it (default: "Authorization: Bearer")'),
  several('--allow <risks>', 'send also what may create something, cost money, lock somebody out: create,cost,lock or all'),
  several('--only <probe>', 'only these probes: missing-key, "*/ask"'),
  several('--skip <probe>', 'not these'),
  several('--ignore <rule>', 'do not ask for this: message'),
  () => new Option('--max-requests <number>', 'never more (default: 100)').argParser(toRequests),
  () => new Option('--pace <duration>', 'between requests (default: 100ms)').argParser(toDuration),
  () => new Option('--timeout <duration>', 'of an answer (default: 15s)').argParser(toDuration),
  () => new Option('--dry-run', 'print what would be sent, and send nothing'),
  () => new Option('--junit <file>', 'write the report as JUnit XML, too'),
  () => new Option('--plan-schema', 'print the JSON Schema of plans, for editors'),
]

function toRequests(text: string): number {
  const count = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN
  if (!(count >= 1)) throw new InvalidArgumentError('Write a whole number from 1 to 999999.')
  return count
}

function toDuration(text: string): number {
  const ms = text === '0' ? 0 : parseDuration(text)
  if (ms === undefined) throw new InvalidArgumentError('Write a duration with its unit: 100ms, 2s, 0s.')
  return ms
}

/** Where the database is to lie. A start makes the last directory of the path and no more. */
function problemsOfPlace(store: StoreConfig, file: string): readonly ConfigProblem[] {
  if (store.kind !== 'sqlite') return []
  const directory = dirname(store.file)
  const problem = (message: string): readonly ConfigProblem[] => [{ path: ['store', 'sqlite'], file, message }]
  if (kindOf(store.file) === 'directory') return problem(`${store.file} is a directory; name a file in it`)
  if (kindOf(directory) === 'file') return problem(`${directory} is a file, so that nothing can lie in it`)
  if (kindOf(directory) === undefined && kindOf(dirname(directory)) !== 'directory') return problem(`there is no directory ${directory}; create it first`)
  return []
}

function kindOf(path: string): 'file' | 'directory' | undefined {
  try {
    return statSync(path).isDirectory() ? 'directory' : 'file'
  } catch {
    return undefined
  }
}

function summaryOf({ listen, admin, store, counters, workers, apis, passages }: GatewayConfig) {
  return {
    listen: `${listen.host}:${listen.port}${spoken(listen)}`,
    admin: `${admin.host}:${admin.port}${spoken(admin)}`,
    store: engineName(store),
    counters: counters && engineName(counters),
    workers,
    apis: apis.map(({ name, mount, contract, routes, meters, plans }) => ({
      name,
      mount,
      contract: contract.name,
      upstream: passages[name]?.upstream,
      routes: routes.map(({ methods, path }) => `${methods.join(', ')} ${path}`),
      meters: Object.keys(meters),
      plans: Object.keys(plans),
    })),
  }
}

function tlsWarnings({ listen, admin }: GatewayConfig, nowMs: number): readonly ConfigProblem[] {
  return Object.entries({ listen, admin }).flatMap(([name, { tls }]) => {
    const notice = tls === undefined ? undefined : tlsNotice(tls, nowMs)
    return notice === undefined ? [] : [{ path: [name, 'tls', 'certificate'], message: notice.message }]
  })
}

function summaryText({ listen, admin, store, counters, workers, apis }: ReturnType<typeof summaryOf>): string {
  const lines = apis.map(
    ({ name, mount, contract, upstream, routes, meters, plans }) =>
      `${name} at ${mount}: contract ${contract}, upstream ${upstream}\n  meters: ${names(meters)} · plans: ${names(plans)}\n${routes.map((route) => `  ${route}\n`).join('')}`,
  )
  return `listens on ${listen}, admin API on ${admin}, store: ${store}${counters === undefined ? '' : `, counters: ${counters}`}${workers === 1 ? '' : `, ${workers} workers`}\n${lines.join('')}`
}

function spoken({ tls }: Pick<GatewayConfig['admin'], 'tls'>): string {
  return tls === undefined ? '' : ' by TLS'
}

function names(list: readonly string[]): string {
  return list.length === 0 ? 'none' : list.join(', ')
}
