/** One of several gateways: processes at the same addresses, one after the other, each with its own ways to the engines. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { GatewayConfigInput } from '@tollgate/gateway'
import { createPrograms, type Program } from '../chaos/program.ts'
import { isProving } from '../runs.ts'
import type { CutWay } from './cut-way.ts'

export interface Gateway {
  readonly name: string
  readonly url: string
  readonly adminUrl: string
  readonly callsPort: number
  readonly postgres: CutWay
  readonly counters: CutWay | undefined
  /** Epoch ms, the first one first. */
  readonly deaths: readonly number[]
  isUp(): boolean
  /** Resolves when it takes requests. */
  start(): Promise<void>
  kill(): Promise<void>
  /** As an operator stops it. */
  stop(): Promise<number | null>
  /** What all its processes have logged as errors. */
  errors(): readonly string[]
  close(): Promise<void>
}

export interface GatewaySetup {
  readonly name: string
  /** Where the programs are. */
  readonly compiled: string
  readonly directory: string
  readonly ports: { readonly front: number; readonly admin: number; readonly calls: number }
  readonly config: GatewayConfigInput
  readonly postgres: CutWay
  readonly counters: CutWay | undefined
  /** By so much its clock is ahead. */
  readonly skewMs: number
}

export function createGatewayProcess({ name, compiled, directory, ports, config, postgres, counters, skewMs }: GatewaySetup): Gateway {
  const configFile = join(directory, `${name}.json`)
  writeFileSync(configFile, JSON.stringify(config))
  const programs = createPrograms(compiled, configFile, { skewMs, keepsWarm: isProving })
  const all: Program[] = []
  const deaths: number[] = []
  let current: Program | undefined

  async function kill(): Promise<void> {
    const dying = current
    current = undefined
    await dying?.kill()
    deaths.push(Date.now())
  }

  return {
    name,
    url: `http://127.0.0.1:${ports.front}`,
    adminUrl: `http://127.0.0.1:${ports.admin}`,
    callsPort: ports.calls,
    postgres,
    counters,
    deaths,
    isUp: () => current !== undefined,
    async start() {
      const program = await programs.start()
      all.push(program)
      if (!(await program.started)) throw new Error(`${name} did not start: ${program.errors.join('\n')}`)
      current = program
    },
    kill,
    async stop() {
      const stopping = current
      current = undefined
      return (await stopping?.stop()) ?? null
    },
    errors: () => all.flatMap(({ errors }) => errors),
    async close() {
      await programs.close()
      await postgres.close()
      await counters?.close()
    },
  }
}
