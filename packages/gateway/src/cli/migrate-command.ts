/** `tollgate migrate`: brings the store's tables to what this version knows, or says what it would do. */
import type { Command } from 'commander'
import { engineName } from '../config/engine-config.ts'
import { formatProblem } from '../config/read/config-problem.ts'
import { addCommand } from './admin-command.ts'
import { configFileOf, DEFAULT_CONFIG } from './admin-location.ts'
import { CliFailure, type CliIo } from './cli-io.ts'

export function addMigrateCommand(program: Command, io: CliIo): void {
  addCommand(program, 'migrate', {
    description: 'bring the tables of the store to what this version knows; gateways do so when they start, too',
    examples: ['tollgate migrate --dry-run', 'tollgate migrate /etc/tollgate/tollgate.yaml', 'tollgate migrate --dry-run --sql > changes.sql'],
  })
    .argument('[config]', `the configuration (TOLLGATE_CONFIG; default: ${DEFAULT_CONFIG})`)
    .option('--dry-run', 'change nothing, and say what would be changed')
    .option('--sql', 'print the statements')
    .option('--json', 'print the outcome as JSON')
    .action(async (config: string | undefined, { dryRun = false, sql = false, json = false }: { readonly dryRun?: boolean; readonly sql?: boolean; readonly json?: boolean }) => {
      const { loadConfig } = await import('../config/load-config.ts')
      const loaded = loadConfig(configFileOf(config, 'migrate', io), { environment: io.env })
      if (!loaded.ok) throw new CliFailure(2, loaded.problems.map(formatProblem).join('\n'))
      const { store } = loaded.value
      const { migrateStore } = await import('../program/migrate-store.ts')
      const outcome = await migrateStore(store, { dryRun }).catch((error: unknown) => Promise.reject(new CliFailure(1, error instanceof Error ? error.message : String(error))))
      if (json) return io.stdout(`${JSON.stringify({ store: engineName(store), ...outcome, dryRun }, null, 2)}\n`)
      io.stdout(sentenceOf(engineName(store), outcome, dryRun, sql ? '-- ' : ''))
      if (sql) io.stdout(outcome.statements.map((statement) => `${statement};\n`).join(''))
    })
}

function sentenceOf(store: string, { from, to, copy }: { readonly from: number; readonly to: number; readonly copy?: string | undefined }, dryRun: boolean, mark: string): string {
  if (from === to) return `${mark}${store} has schema ${to}, which is the newest: nothing to do\n`
  const change = from === 0 ? `the tables of schema ${to}` : `schema ${to} in place of ${from}`
  return `${mark}${store} ${dryRun ? 'would get' : 'has got'} ${change}${copy === undefined ? '' : `; as it was, it lies in ${copy}`}\n`
}
