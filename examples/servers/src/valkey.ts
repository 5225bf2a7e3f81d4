/**
 * A server of Valkey or Redis of its own, on a free port of this machine, in a temporary folder; at the end nothing of it is left. It is the machine's own
 * program (`valkey-server`, else `redis-server`).
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs'
import { connect, createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

/** What it is started with, besides what every one is: `{ appendonly: 'yes' }`. */
export interface ValkeySettings {
  readonly [name: string]: string
}

export interface ValkeyServer {
  readonly url: string
  readonly port: number
  /** Another one after a restart. */
  readonly pid: number
  /** Waits for the end of what the signal ends. */
  kill(signal: NodeJS.Signals): Promise<void>
  /** Ends it as a crash would if it still runs, and starts it again on the same port, with what it has on disk. */
  restart(): Promise<void>
  /** Ends it and removes its data. */
  stop(): Promise<void>
}

/** For what hangs. */
const START_MS = 60_000

/** All that this machine has, by name. */
export const valkeyPrograms: readonly string[] = ['valkey-server', 'redis-server'].filter((name) => programOf(name) !== undefined)

export async function startValkey(settings: ValkeySettings = {}): Promise<ValkeyServer> {
  const [name] = valkeyPrograms
  const program = name === undefined ? undefined : programOf(name)
  if (program === undefined) throw new Error('there is neither valkey-server nor redis-server on PATH')
  const folder = mkdtempSync(join(tmpdir(), 'tollgate-valkey-'))
  // Between the look and the start another process may take the port: then another one is looked for.
  for (let tries = 1; ; tries += 1) {
    const port = await freePort()
    const options = argumentsOf({ port: String(port), bind: '127.0.0.1', dir: folder, save: '', appendonly: 'no', 'enable-debug-command': 'yes', ...settings })
    const start = (): Promise<ChildProcess> => startProgram(program, options, port)
    try {
      return toServer(await start(), { port, folder, start })
    } catch (error) {
      if (tries < 5) continue
      rmSync(folder, { recursive: true, force: true })
      throw error
    }
  }
}

/** Nodes of one cluster, each with its share of the slots. */
export async function startValkeyCluster(nodes: number): Promise<readonly ValkeyServer[]> {
  const servers = await Promise.all(Array.from({ length: nodes }, async () => startValkey({ 'cluster-enabled': 'yes', 'cluster-port': String(await freePort()), 'cluster-node-timeout': '5000' })))
  const each = 16_384 / nodes
  const busPorts = await Promise.all(servers.map(async ({ port }) => /@(\d+)/.exec(await say(port, 'CLUSTER NODES'))?.[1] ?? ''))
  for (const [at, { port }] of servers.entries()) {
    await say(port, `CLUSTER ADDSLOTSRANGE ${Math.floor(at * each)} ${Math.floor((at + 1) * each) - 1}`)
    await say(port, `CLUSTER SET-CONFIG-EPOCH ${at + 1}`)
  }
  for (const [at, { port }] of servers.entries()) if (at > 0) await say(servers[0]?.port ?? port, `CLUSTER MEET 127.0.0.1 ${port} ${busPorts[at] ?? ''}`)
  const deadline = performance.now() + START_MS
  while ((await Promise.all(servers.map(({ port }) => say(port, 'CLUSTER INFO')))).some((said) => !said.includes('cluster_state:ok') || !said.includes(`cluster_known_nodes:${nodes}`))) {
    if (performance.now() > deadline) throw new Error('the nodes found no cluster together')
    await wait(20)
  }
  return servers
}

/** One command, by the inline protocol; what is answered first. */
function say(port: number, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(`${command}\r\n`))
    socket.on('error', reject)
    socket.once('data', (bytes) => {
      socket.destroy()
      const said = bytes.toString()
      if (said.startsWith('-')) reject(new Error(`${command}: ${said}`))
      else resolve(said)
    })
  })
}

function toServer(first: ChildProcess, { port, folder, start }: { readonly port: number; readonly folder: string; readonly start: () => Promise<ChildProcess> }): ValkeyServer {
  let child = first
  const end = async (): Promise<void> => {
    if (!isRunning(child)) return
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  }
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    get pid() {
      return child.pid ?? NaN
    },
    async kill(signal) {
      const ended = signal === 'SIGSTOP' || signal === 'SIGCONT' || !isRunning(child) ? undefined : once(child, 'exit')
      child.kill(signal)
      await ended
    },
    async restart() {
      await end()
      child = await start()
    },
    async stop() {
      await end()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const running = new Set<ChildProcess>()
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')))

async function startProgram(program: string, options: readonly string[], port: number): Promise<ChildProcess> {
  const child = spawn(program, options, { stdio: ['ignore', 'pipe', 'inherit'] })
  running.add(child)
  child.once('exit', () => running.delete(child))
  const said: string[] = []
  child.stdout.setEncoding('utf8').on('data', (text: string) => said.push(text))
  const deadline = performance.now() + START_MS
  while (!(await answers(port))) {
    if (isRunning(child) && performance.now() < deadline) await wait(10)
    else {
      child.kill('SIGKILL')
      throw new Error(`${program} did not start: ${said.join('')}`)
    }
  }
  // Another process may have the port, and answer in its place.
  if (!isRunning(child)) throw new Error(`${program} ended: ${said.join('')}`)
  // Nobody reads on: its pipe must not fill up.
  child.stdout.removeAllListeners('data').resume()
  return child
}

/** One that still reads its file says LOADING. */
function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'))
    const done = (is: boolean): void => {
      socket.destroy()
      resolve(is)
    }
    socket.on('error', () => done(false))
    socket.on('close', () => done(false))
    socket.on('data', (bytes) => done(bytes.toString().startsWith('+PONG')))
  })
}

function isRunning({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null
}

/** One that is free now, for tests that start a server. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

function argumentsOf(settings: ValkeySettings): readonly string[] {
  return Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value])
}

function programOf(name: string): string | undefined {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK)
        return true
      } catch {
        return false
      }
    })
}
