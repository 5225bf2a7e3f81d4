/** A gateway of several processes: this one starts them and hands on signals, or is one of them. */
import { afterOnMachine, createSystemClock } from '../platform/system-clock.ts'
import { GatewayStartError } from '../platform/start-error.ts'
import type { Log, LogFields } from '../platform/log.ts'
import { createWorkerLink, type SupervisorPort } from '../workers/fellows.ts'
import type { StartedWorker } from '../workers/messages.ts'
import { createSupervisor, WorkerStartFault, type Supervisor, type WorkerProcess } from '../workers/supervisor.ts'
import { formatProblem } from '../config/read/config-problem.ts'
import { CliFailure, type CliIo } from './cli-io.ts'

export async function serveByWorkers(config: string, io: CliIo, fork: (place: number) => WorkerProcess, announce: (started: StartedWorker) => void): Promise<Supervisor> {
  const { createJsonLog } = await import('../platform/log.ts')
  const { loadConfig } = await import('../config/load-config.ts')
  const loaded = loadConfig(config, { environment: io.env })
  // Before the first of them is started: it is said once, and not by each.
  if (!loaded.ok) throw new CliFailure(2, loaded.problems.map(formatProblem).join('\n'))
  const log = createJsonLog(io.stderr)
  log.configure(loaded.value.log)
  const supervisor = createSupervisor({ count: loaded.value.workers, fork, clock: createSystemClock(), log, chance: Math.random })
  try {
    const started = await supervisor.started
    announce(started)
    log.info('started', { url: started.url, adminUrl: started.adminUrl, adminTokenFile: started.adminTokenFile, workers: loaded.value.workers })
    return supervisor
  } catch (error) {
    if (error instanceof WorkerStartFault) throw new CliFailure(error.exitCode === 2 ? 2 : 1, error.message)
    throw error
  }
}

/** How long what was said last may take to leave. */
const SAY_MS = 500

/** Signals are the supervisor's, which hands on what they mean; but whoever ends this process alone by SIGTERM means it. */
export async function serveAsWorker(config: string, io: CliIo, port: SupervisorPort): Promise<void> {
  const link = createWorkerLink(port)
  const { createJsonLog } = await import('../platform/log.ts')
  const { startGateway } = await import('../program/program.ts')
  const log = ofWorker(createJsonLog(io.stderr), port.worker)
  let noteStop = (): void => undefined
  const stopped = new Promise<void>((resolve) => void (noteStop = resolve))
  const handlers = [io.onSignal('SIGTERM', noteStop), io.onSignal('SIGINT', ignored), io.onSignal('SIGHUP', ignored)]
  try {
    const gateway = await startGateway({ config, env: io.env, log, fellows: link })
    const { url, callsUrl, adminUrl, adminTokenFile } = gateway
    link.started({ url, callsUrl, adminUrl, adminTokenFile })
    await Promise.race([link.stopAsked, stopped, gateway.stopAsked])
    await gateway.close()
  } catch (error) {
    const isConfig = error instanceof GatewayStartError && error.kind === 'config'
    link.failed(isConfig ? 2 : 1, error instanceof Error ? error.message : String(error))
    await new Promise<void>((resolve) => void afterOnMachine(SAY_MS, resolve))
    io.exit(isConfig ? 2 : 1)
  } finally {
    for (const forget of handlers) forget()
  }
  // The channel to the supervisor would keep it alive.
  io.exit(0)
}

function ignored(): void {}

/** Which of them says it. */
function ofWorker(log: Required<Log>, worker: number): Log {
  const by = (fields?: LogFields): LogFields => ({ ...fields, worker })
  return {
    info: (message, fields) => log.info(message, by(fields)),
    warn: (message, fields) => log.warn(message, by(fields)),
    error: (message, fields) => log.error(message, by(fields)),
    access: (line) => log.access(by(line)),
    configure: log.configure,
  }
}
