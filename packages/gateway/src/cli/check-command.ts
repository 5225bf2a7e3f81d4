/** `tollgate check`: what can be said of a configuration without a running gateway. */
import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { GatewayConfig } from '../config/gateway-config.ts'
import { formatProblem, type ConfigProblem } from '../config/problem.ts'
import { tlsNotice } from '../tls/tls-notice.ts'
import { addCommand } from './admin-command.ts'
import { DEFAULT_CONFIG } from './admin-location.ts'
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
      const file = resolve(io.cwd, config ?? io.env['TOLLGATE_CONFIG'] ?? DEFAULT_CONFIG)
      const loaded = loadConfig(file, { environment: io.env })
      if (!loaded.ok) throw new CliFailure(2, loaded.problems.map(formatProblem).join('\n'))
      const warnings = [...loaded.warnings, ...tlsWarnings(loaded.value, Date.now())].map(formatProblem)
      if (strict === true && warnings.length > 0) throw new CliFailure(2, warnings.join('\n'))
      const summary = summaryOf(loaded.value)
      if (json === true) return io.stdout(`${JSON.stringify({ ...summary, warnings }, null, 2)}\n`)
      io.stdout(`${colours.green('The configuration is fine.')}\n${summaryText(summary)}`)
      if (warnings.length > 0) io.stderr(`${warnings.map((warning) => `${colours.yellow('warning:')} ${warning}\n`).join('')}`)
    })
}

function summaryOf({ listen, admin, store, apis }: GatewayConfig) {
  return {
    listen: `${listen.host}:${listen.port}${spoken(listen)}`,
    admin: `${admin.host}:${admin.port}${spoken(admin)}`,
    store: store.kind === 'sqlite' ? store.file : store.kind,
    apis: apis.map(({ name, mount, contract, upstream, routes, meters, plans }) => ({
      name,
      mount,
      contract: contract.name,
      upstream,
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
