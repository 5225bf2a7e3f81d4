/**
 * A Postgres of one's own, for tests and for a look: a free port of the loopback, a temporary folder, gone at the end, also where the process that started it is killed. It never runs as root.
 *
 * `sharedPostgres` is one server for all files of a worker, for tests that let it live: each has a database of its own there (`freshDatabase`).
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chownSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { findPostgres, type PostgresBinaries } from './postgres-binaries.ts'

export interface TestPostgres {
  /** Of its database `postgres`, as its owner. */
  readonly url: string
  readonly port: number
  /** Of the postmaster: a restart changes it. */
  readonly pid: number
  /** An empty database; its url. */
  freshDatabase(): Promise<string>
  /** `SIGKILL` is a crash, `SIGSTOP` of one process stops only that one: use `pids` for all. */
  kill(signal: NodeJS.Signals): Promise<void>
  /** On the same port, with the data that is there; what crashed is recovered. */
  restart(): Promise<void>
  stop(): Promise<void>
}

export interface PostgresSettings {
  /** Default: off, since a killed process loses nothing that the system has been given; on where speed is measured. */
  readonly fsync?: boolean
  /** `-c name=value` */
  readonly settings?: readonly string[]
  readonly binaries?: PostgresBinaries
}

/** Waits for the end of its input, which comes with the end of the starting process at the latest; the folder goes with it, unless it is told to keep it. What a terminal or a time-out sends to all of a group does not end it. */
const GUARD = `trap "" HUP INT TERM; dir="$1"; shift; exec 3<&0; "$@" 3<&- <&- & server=$!; echo "$server"
( read -r word <&3; kill -INT "$server" 2>/dev/null; [ "$word" = keep ] ) & reader=$!; wait "$server"; wait "$reader" || rm -rf "$dir"`
const START_WITHIN_MS = 60_000

export async function startPostgres({ fsync = false, settings = [], binaries }: PostgresSettings = {}): Promise<TestPostgres> {
  const { postgres, initdb } = binaries ?? (await findPostgres())
  const user = process.getuid?.() === 0 ? unprivileged() : undefined
  const folder = await mkdtemp(join(tmpdir(), 'tollgate-postgres-'))
  if (user !== undefined) chownSync(folder, user.uid, user.gid)
  const data = join(folder, 'data')
  execFileSync(initdb, ['-D', data, '-U', 'tollgate', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'], { ...user, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] })
  const port = await freePort()
  const url = (database: string): string => `postgres://tollgate@127.0.0.1:${port}/${database}`
  let guard: ChildProcess
  let pid = 0

  async function start(): Promise<void> {
    const config = [`port=${port}`, 'listen_addresses=127.0.0.1', `unix_socket_directories=${folder}`, `fsync=${fsync ? 'on' : 'off'}`, 'max_connections=300', 'shared_buffers=64MB', ...settings]
    const untilMs = Date.now() + START_WITHIN_MS
    for (;;) {
      guard = spawn('sh', ['-c', GUARD, 'postgres', folder, postgres, '-D', data, ...config.flatMap((each) => ['-c', each])], { ...user, cwd: folder, stdio: ['pipe', 'pipe', 'pipe'] })
      let said = ''
      guard.stderr?.on('data', (chunk: Buffer) => (said = `${said}${chunk.toString()}`.slice(-2_000)))
      // The end of the guard's input is written after its end, too.
      guard.stdin?.on('error', () => undefined)
      const [first] = (await once(guard.stdout as NodeJS.ReadableStream, 'data')) as [Buffer]
      pid = Number(first.toString())
      if (await comesUp(untilMs)) return
      await end('keep')
      // What was killed may still hold the memory that it shared.
      if (Date.now() > untilMs) throw new Error(`Postgres does not start: ${said}`)
      await sleep(100)
    }
  }

  async function comesUp(untilMs: number): Promise<boolean> {
    while (Date.now() < untilMs) {
      const client = new Client({ connectionString: url('postgres') })
      client.on('error', () => undefined)
      try {
        await client.connect()
        await client.end()
        return true
      } catch {
        await client.end().catch(() => undefined)
        if (!isAlive(pid)) return false
        await sleep(30)
      }
    }
    return false
  }

  async function end(word: 'keep' | 'remove'): Promise<void> {
    if (guard.exitCode !== null) return
    const ended = once(guard, 'exit')
    guard.stdin?.end(`${word}\n`)
    await ended
  }

  await start()
  const server: TestPostgres = {
    url: url('postgres'),
    port,
    get pid() {
      return pid
    },
    async freshDatabase() {
      const name = `t${randomBytes(6).toString('hex')}`
      const client = new Client({ connectionString: url('postgres') })
      await client.connect()
      await client.query(`create database ${name}`)
      await client.end()
      return url(name)
    },
    async kill(signal) {
      process.kill(pid, signal)
      if (signal === 'SIGKILL') await isGone(pid)
    },
    async restart() {
      await end('keep')
      await start()
    },
    stop: () => end('remove'),
  }
  return server
}

let shared: Promise<TestPostgres> | undefined

/** Ends with the worker. */
export function sharedPostgres(): Promise<TestPostgres> {
  return (shared ??= startPostgres())
}

export async function freshDatabase(): Promise<string> {
  return (await sharedPostgres()).freshDatabase()
}

/** Postgres refuses to run as root. */
function unprivileged(): { readonly uid: number; readonly gid: number } {
  const idOf = (flag: string): number => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }))
  return { uid: idOf('-u'), gid: idOf('-g') }
}

async function isGone(pid: number): Promise<void> {
  while (isAlive(pid)) await sleep(5)
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
