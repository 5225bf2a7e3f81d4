/** `tollgate check`: what can be said of a configuration without a running gateway. */
import { statSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Command } from 'commander'
import { shownPath } from '../config/read/files.ts'
import type { GatewayConfig, StoreConfig } from '../config/gateway-config.ts'
import { formatProblem, type ConfigProblem } from '../config/read/config-problem.ts'
import { tlsNotice } from '../tls/tls-notice.ts'
import { addCommand } from './admin-command.ts'
import { configFileOf, DEFAULT_CONFIG } from './admin-location.ts'
import { CliFailure, type CliIo } from './cli-io.ts'
import { createColours } from './colours.ts'

export function addCheckCommand(program: Command, io: CliIo): void {
  const colours = createColours(io)

  addCommand(program, 'check', { description: 'check a configuration and everything that it names', examples: ['tollgate check', 'tollgate check staging.yaml --json'] })
    .argument('[config]', `the configuration (TOLLGATE_CONFIG; default: ${DEFAULT_CONFIG})`)
    .option('--json', 'print the summary as JSON')
    .option('--strict', 'take warnings for problems')
    .action(async (config: string | undefined, { json, strict }: { json?: boolean; strict?: boolean }) => {
      const { loadConfig } = await import('../config/load-config.ts')
      const file = configFileOf(config, 'check', io)
      const loaded = loadConfig(file, { environment: io.env })
      const problems = loaded.ok ? problemsOfPlace(loaded.value.store, shownPath(file)) : loaded.problems
      if (json === true && problems.length > 0) io.stdout(`${JSON.stringify({ ok: false, problems }, null, 2)}\n`)
      if (!loaded.ok || problems.length > 0) throw new CliFailure(2, problems.map(formatProblem).join('\n'))
      const warnings = [...loaded.warnings, ...tlsWarnings(loaded.value, Date.now())].map(formatProblem)
      if (strict === true && warnings.length > 0 && json === true) io.stdout(`${JSON.stringify({ ok: false, problems: [], warnings }, null, 2)}\n`)
      if (strict === true && warnings.length > 0) throw new CliFailure(2, warnings.join('\n'))
      const summary = summaryOf(loaded.value)
      if (json === true) return io.stdout(`${JSON.stringify({ ok: true, ...summary, warnings }, null, 2)}\n`)
      io.stdout(`${colours.green('The configuration is fine.')}\n${summaryText(summary)}`)
      if (warnings.length > 0) io.stderr(`${warnings.map((warning) => `${colours.yellow('warning:')} ${warning}\n`).join('')}`)
    })
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

function summaryOf({ listen, admin, store, apis, passages }: GatewayConfig) {
  return {
    listen: `${listen.host}:${listen.port}${spoken(listen)}`,
    admin: `${admin.host}:${admin.port}${spoken(admin)}`,
    store: store.kind === 'sqlite' ? store.file : store.kind,
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

function summaryText({ listen, admin, store, apis }: ReturnType<typeof summaryOf>): string {
  const lines = apis.map(
    ({ name, mount, contract, upstream, routes, meters, plans }) =>
      `${name} at ${mount}: contract ${contract}, upstream ${upstream}\n  meters: ${names(meters)} · plans: ${names(plans)}\n${routes.map((route) => `  ${route}\n`).join('')}`,
  )
  return `listens on ${listen}, admin API on ${admin}, store: ${store}\n${lines.join('')}`
}

function spoken({ tls }: Pick<GatewayConfig['admin'], 'tls'>): string {
  return tls === undefined ? '' : ' by TLS'
}

function names(list: readonly string[]): string {
  return list.length === 0 ? 'none' : list.join(', ')
}
