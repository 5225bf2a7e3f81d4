/** `tollgate serve`: runs until it is told to stop. */
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { createJsonLog } from '../log.ts'
import type { RunningGateway } from '../program.ts'
import { GatewayStartError } from '../start-error.ts'
import { programVersion } from '../version.ts'
import { addCommand } from './admin-command.ts'
import { DEFAULT_CONFIG } from './admin-location.ts'
import { CliFailure, type CliIo } from './cli-io.ts'
import { untilStopped } from './until-stopped.ts'

export function addServeCommand(program: Command, io: CliIo): void {
  addCommand(program, 'serve', {
    description: 'run the gateway',
    examples: ['tollgate serve', 'tollgate serve /etc/tollgate/tollgate.yaml'],
  })
    .argument('[config]', `the configuration (TOLLGATE_CONFIG; default: ${DEFAULT_CONFIG})`)
    .addHelpText('after', '\nSIGHUP reads the configuration again. SIGTERM and SIGINT let requests end, then stop; a second one stops at once.')
    .action(async (config: string | undefined) => {
      await untilStopped(() => start(resolve(io.cwd, config ?? io.env['TOLLGATE_CONFIG'] ?? DEFAULT_CONFIG), io), io)
    })
}

async function start(config: string, io: CliIo): Promise<RunningGateway> {
  const log = createJsonLog(io.stderr)
  // Loaded here, so that other commands do not wait for what only a gateway needs.
  const { startGateway } = await import('../program.ts')
  try {
    const gateway = await startGateway({ config, env: io.env, log })
    const { url, callsUrl, adminUrl, adminTokenFile } = gateway
    io.stdout(`tollgate ${programVersion()} listens on ${url}, admin API on ${adminUrl}\n`)
    if (callsUrl !== undefined) io.stdout(`services settle their calls at ${callsUrl}\n`)
    if (adminTokenFile !== undefined) io.stdout(`admin token: in ${adminTokenFile}\n`)
    log.info('started', { url, adminUrl, ...(adminTokenFile !== undefined && { adminTokenFile }) })
    return gateway
  } catch (error) {
    if (error instanceof GatewayStartError) throw new CliFailure(error.kind === 'config' ? 2 : 1, error.message)
    throw error
  }
}
