/** Programs that a machine may have: each does the same job, as far as its configuration can say it. One thread, on the core of the contenders. */
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pin } from '../machine.ts'
import { probe } from './probe.ts'
import { listening, type Serving } from './serving.ts'

/** Where it listens, whom it passes to, and where it may write. */
export interface ForeignPlace {
  readonly port: number
  readonly upstreamPort: number
  readonly directory: string
}

export interface ForeignServer {
  readonly name: string
  readonly command: string
  /** Says its version and ends. */
  readonly versionArgs: readonly string[]
  readonly configFile: string
  configuration(place: ForeignPlace): string
  /** It stays in the foreground. */
  args(place: ForeignPlace): readonly string[]
  readonly environment?: { readonly [name: string]: string }
}

export interface RunningForeign extends Serving {
  readonly pid: number
}

/** Undefined where it is not installed. Linux only: its CPU time is read from `/proc`. */
export async function startForeign(server: ForeignServer, upstreamPort: number): Promise<RunningForeign | undefined> {
  if (process.platform !== 'linux' || spawnSync(server.command, server.versionArgs).error !== undefined) return undefined
  const directory = mkdtempSync(join(tmpdir(), `tollgate-bench-${server.name}-`))
  const place = { port: await freePort(), upstreamPort, directory }
  writeFileSync(join(directory, server.configFile), server.configuration(place))
  const child = spawn(server.command, server.args(place), { stdio: 'ignore', env: { ...process.env, HOME: directory, ...server.environment } })
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const close = async (): Promise<void> => {
    child.kill('SIGTERM')
    await exited
    rmSync(directory, { recursive: true, force: true })
  }
  try {
    if (child.pid !== undefined) pin(child.pid, 0)
    await untilAnswers(place.port)
  } catch (error) {
    await close()
    throw error
  }
  return { port: place.port, close, pid: child.pid ?? 0 }
}

async function untilAnswers(port: number): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await probe(port, { headers: {} })
      return
    } catch (error) {
      if (tries === 50) throw error
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
}

async function freePort(): Promise<number> {
  const { port, close } = await listening(createServer())
  await close()
  return port
}
