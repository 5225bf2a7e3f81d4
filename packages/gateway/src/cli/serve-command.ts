/** `tollgate serve`: runs until it is told to stop, in this process or in several that this one looks after. */
import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { RunningGateway } from '../program/program.ts'
import type { StartedWorker } from '../workers/messages.ts'
import { GatewayStartError } from '../platform/start-error.ts'
import { programVersion } from '../platform/version.ts'
import { addCommand } from './admin-command.ts'
import { configFileOf, DEFAULT_CONFIG, logFileOf, workersOf } from './admin-location.ts'
import { CliFailure, type CliIo } from './cli-io.ts'
import { startDetached } from './detached.ts'
import { serveAsWorker, serveByWorkers } from './serve-by-workers.ts'
import { untilStopped } from './until-stopped.ts'

export function addServeCommand(program: Command, io: CliIo): void {
  addCommand(program, 'serve', {
    description: 'run the gateway',
    examples: ['tollgate serve', 'tollgate serve /etc/tollgate/tollgate.yaml', 'tollgate serve --detach'],
  })
    .argument('[config]', `the configuration (TOLLGATE_CONFIG; default: ${DEFAULT_CONFIG})`)
    .addHelpText('after', '\nSIGHUP reads the configuration again. SIGTERM and SIGINT let requests end, then stop; a second one stops at once.')
    .option('--detach', 'start it in the background and return when it takes requests; "tollgate stop" ends it')
    .option('--set-time-back', "go by the machine's time again, although the database has seen a later one (see docs/operations.md)")
    .option('--log <file>', 'with --detach: where it writes (default: beside the database, data/tollgate.log)')
    .action(async (config: string | undefined, { detach, log, setTimeBack }: { readonly detach?: boolean; readonly log?: string; readonly setTimeBack?: boolean }) => {
      const file = configFileOf(config, 'serve', io)
      if (io.supervisor !== undefined) return serveAsWorker(file, io, io.supervisor)
      if (detach === true) return startDetached(file, { log: log === undefined ? logFileOf(file, io.env) : resolve(io.cwd, log), flags: setTimeBack === true ? ['--set-time-back'] : [], io })
      if (log !== undefined) throw new CliFailure(2, '--log goes with --detach; otherwise write: tollgate serve 2> FILE')
      const workers = await workersOf(file, io.env)
      const announced = (started: StartedWorker): void => announce(started, io)
      await untilStopped(() => (workers > 1 && io.fork !== undefined ? serveByWorkers(file, io, io.fork, announced) : start(file, setTimeBack === true, io)), io)
    })
}

async function start(config: string, setTimeBack: boolean, io: CliIo): Promise<RunningGateway> {
  // Loaded here, so that other commands do not wait for what only a gateway needs.
  const { createJsonLog } = await import('../platform/log.ts')
  const log = createJsonLog(io.stderr)
  const { startGateway } = await import('../program/program.ts')
  try {
    const gateway = await startGateway({ config, env: io.env, log, setTimeBack })
    announce(gateway, io)
    const { url, adminUrl, adminTokenFile } = gateway
    log.info('started', { url, adminUrl, adminTokenFile })
    return gateway
  } catch (error) {
    if (error instanceof GatewayStartError) throw new CliFailure(error.kind === 'config' ? 2 : 1, error.message)
    throw error
  }
}

function announce({ url, callsUrl, adminUrl, adminTokenFile }: StartedWorker, io: CliIo): void {
  io.stdout(`tollgate ${programVersion()} listens on ${url}, admin API on ${adminUrl}\n`)
  if (callsUrl !== undefined) io.stdout(`services settle their calls at ${callsUrl}\n`)
  if (adminTokenFile !== undefined) io.stdout(`admin token: in ${adminTokenFile}\n`)
  io.announce?.()
}
