/** The program as processes of its own, one after the other with one configuration: each is killed, and the next one is already warm. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { copyProgram } from '../../packages/gateway/src/fixtures/copied-program.ts'
import type { Fault } from './crash-table.ts'

export interface Program {
  /** Resolves when it takes requests; false: it has ended before. */
  readonly started: Promise<boolean>
  readonly ended: Promise<unknown>
  /** What it said was wrong. */
  readonly errors: readonly string[]
  arm(fault: Fault | undefined): Promise<void>
  /** The commands that its store has got since it was armed. */
  commands(): Promise<readonly string[]>
  kill(): Promise<void>
  /** As an operator stops it. Resolves to its exit code. */
  stop(): Promise<number | null>
}

export interface Programs {
  /** The one before must have ended. */
  start(): Promise<Program>
  close(): Promise<void>
}

/** Imports everything, then waits for its go, so that a restart costs little. */
const child = `
import module from 'node:module'
import { createInterface } from 'node:readline'
const skewMs = Number(process.argv[3])
// As on a machine whose clock is off: before anything of the program is loaded.
if (skewMs !== 0) {
  const Machine = Date
  globalThis.Date = class extends Machine {
    constructor(...given) {
      given.length === 0 ? super(Machine.now() + skewMs) : super(...given)
    }
    static now() {
      return Machine.now() + skewMs
    }
  }
}
// Where Node has it, a start costs half.
module.enableCompileCache?.('.compiled')
const { createJsonLog } = await import('./gateway/dist/platform/log.js')
const { startGateway } = await import('./gateway/dist/program/program.js')
const { arm, commands } = await import('tollgate/stores/sqlite')
const say = (what) => process.stdout.write(JSON.stringify(what) + '\\n')
say({ warm: true })
let gateway
for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line)
  if (asked.start) gateway = await startGateway({ config: process.argv[2], log: createJsonLog((text) => process.stderr.write(text)) })
  if (asked.stop) await gateway.close().then(() => process.exit(0))
  if (asked.arm !== undefined) arm(asked.arm)
  say({ done: asked, commands: commands() })
}
`

/** Stands in the store's place in front of it: the product has no hook for this. */
const faultyStore = `
export * from '../dist/stores/resident/sqlite.js'
import { createResidentStore as createStore } from '../dist/stores/resident/sqlite.js'
let fault, left, seen = []
export function arm(next) { fault = next === false ? undefined : next; left = next.nth ?? 1; seen = [] }
export const commands = () => seen
const die = () => process.kill(process.pid, 'SIGKILL')
export function createResidentStore(disk, contents, options) {
  const store = createStore(disk, contents, options)
  return {
    ...store,
    async apply(commands) {
      for (const { kind } of commands) if (!['log', 'sweep', 'beat'].includes(kind)) seen.push(kind)
      const isMeant = fault !== undefined && commands.some(({ kind }) => kind === fault.kind) && (left -= 1) === 0
      if (isMeant && fault.at === 'before') die()
      const applied = store.apply(commands)
      if (isMeant && fault.at === 'decided') die()
      const results = await applied
      if (isMeant) die()
      return results
    },
  }
}
`

/** What every program of a test file runs. Returns its directory; whoever asked removes it. */
export function copyPrograms(): string {
  const directory = mkdtempSync(join(tmpdir(), 'tollgate-chaos-program-'))
  copyProgram(directory)
  const library = join(directory, 'node_modules/tollgate')
  mkdirSync(join(library, 'faulty'))
  writeFileSync(join(library, 'faulty/sqlite.js'), faultyStore)
  const manifest = join(library, 'package.json')
  writeFileSync(manifest, readFileSync(manifest, 'utf8').replace('./dist/stores/resident/sqlite.js', './faulty/sqlite.js'))
  writeFileSync(join(directory, 'child.mjs'), child)
  return directory
}

export interface ProgramsOptions {
  /** By so much their clock is ahead of the machine's. */
  readonly skewMs?: number
  /** Whether the next one is always warm. Default: yes. */
  readonly keepsWarm?: boolean
}

/** `directory`: where they were compiled. */
export function createPrograms(directory: string, configFile: string, { skewMs = 0, keepsWarm = true }: ProgramsOptions = {}): Programs {
  const all: Process[] = []
  const warm = (): Process => {
    const process = startProcess(directory, configFile, skewMs)
    all.push(process)
    return process
  }
  let next: Process | undefined = warm()

  return {
    async start() {
      const process = next ?? warm()
      await process.warm
      next = keepsWarm ? warm() : undefined
      return process.go()
    },
    async close() {
      await Promise.all(all.map((process) => process.kill()))
    },
  }
}

interface Process {
  readonly warm: Promise<unknown>
  go(): Program
  kill(): Promise<void>
}

function startProcess(directory: string, configFile: string, skewMs: number): Process {
  const running = spawn(process.execPath, [join(directory, 'child.mjs'), configFile, String(skewMs)], { cwd: directory, stdio: ['pipe', 'pipe', 'pipe'] })
  const ended = once(running, 'exit')
  const errors: string[] = []
  const waiting: ((said: { readonly commands?: readonly string[] } | undefined) => void)[] = []
  const next = (): Promise<{ readonly commands?: readonly string[] } | undefined> => new Promise((resolve) => waiting.push(resolve))

  // One that was killed in the middle of a line has said nothing by it.
  createInterface({ input: running.stdout }).on('line', (line) => waiting.shift()?.(JSON.parse(line) as object))
  createInterface({ input: running.stderr }).on('line', (line) => {
    if (!line.startsWith('{') || line.includes('"level":"error"')) errors.push(line)
  })
  running.stdin.on('error', () => undefined)
  void ended.then(() => waiting.splice(0).forEach((resolve) => resolve(undefined)))

  async function ask(what: object) {
    const said = next()
    running.stdin.write(`${JSON.stringify(what)}\n`)
    return said
  }

  async function kill(): Promise<void> {
    running.kill('SIGKILL')
    await ended
  }

  return {
    warm: next(),
    kill,
    go: () => ({
      started: ask({ start: true }).then((said) => said !== undefined),
      ended,
      errors,
      arm: async (fault) => void (await ask({ arm: fault ?? false })),
      commands: async () => (await ask({}))?.commands ?? [],
      kill,
      async stop() {
        running.stdin.write('{"stop":true}\n')
        const [code] = (await ended) as [number | null]
        return code
      },
    }),
  }
}
