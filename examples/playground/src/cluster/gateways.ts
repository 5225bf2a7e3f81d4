/** Gateways as processes of their own, which can be killed as a crash would: `tollgate serve`, each on ports of its own, with one configuration. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'

export interface GatewayProcess {
  readonly name: string
  readonly url: string
  readonly adminUrl: string
  isRunning(): boolean
  /** As a crash ends it: nothing is written, nothing is said. */
  kill(): Promise<void>
  /** On the same ports. */
  restart(): Promise<void>
  stop(): Promise<void>
}

export interface GatewayProcessSetup {
  readonly name: string
  readonly config: string
  readonly port: number
  readonly adminPort: number
  readonly env: { readonly [name: string]: string }
  /** What it says on its error output, a line each. */
  readonly heard: (line: string) => void
}

const program = join(dirname(createRequire(import.meta.url).resolve('@tollgate/gateway')), '../bin/tollgate.js')

/** Resolves when it takes calls; rejects with what it said if it does not come so far. */
export async function startGatewayProcess({ name, config, port, adminPort, env, heard }: GatewayProcessSetup): Promise<GatewayProcess> {
  let child: ChildProcess | undefined

  async function start(): Promise<void> {
    const started = spawn(process.execPath, [program, 'serve', config], { env: { ...process.env, ...env, PORT: String(port), ADMIN_PORT: String(adminPort) }, stdio: ['ignore', 'pipe', 'pipe'] })
    child = started
    const said: string[] = []
    createInterface({ input: started.stderr as NodeJS.ReadableStream }).on('line', (line) => {
      said.push(line)
      if (said.length > 20) said.shift()
      heard(line)
    })
    const up = once(createInterface({ input: started.stdout as NodeJS.ReadableStream }), 'line')
    const down = once(started, 'exit').then(() => Promise.reject(new Error(`${name} did not start: ${said.join('\n')}`)))
    // Of one that has come up the end is no failure.
    down.catch(() => undefined)
    await Promise.race([up, down])
  }

  async function end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const running = child
    child = undefined
    if (running === undefined || running.exitCode !== null || running.signalCode !== null) return
    const ended = once(running, 'exit')
    running.kill(signal)
    await ended
  }

  await start()
  return {
    name,
    url: `http://127.0.0.1:${port}`,
    adminUrl: `http://127.0.0.1:${adminPort}`,
    isRunning: () => child !== undefined && child.exitCode === null && child.signalCode === null,
    kill: () => end('SIGKILL'),
    restart: start,
    stop: () => end('SIGTERM'),
  }
}
