/** `tollgate mock`: an API that is not there, played by its contract, and its client graded. */
import { spawn, type ChildProcess } from 'node:child_process'
import { InvalidArgumentError, type Command } from 'commander'
import type { Contract } from 'tollgate/contract'
import type { MockReport, MockScript } from 'tollgate/testing'
import { formatProblem } from '../config/read/config-problem.ts'
import { parseDuration } from '../config/read/units.ts'
import type { MockServer } from '../mock/mock-server.ts'
import { GatewayStartError } from '../platform/start-error.ts'
import { addCommand } from './admin-command.ts'
import { CliFailure, type CliIo } from './cli-io.ts'
import { openContract } from './open-contract.ts'
import { untilStopped } from './until-stopped.ts'

interface MockFlags {
  readonly port: number
  readonly host: string
  readonly seed?: number
  readonly scenario?: string
  readonly grade?: boolean
  readonly for?: number
  readonly cors?: boolean
  readonly json?: boolean
}

const DEFAULT_PORT = 4010
/** A timer of more than 2^31 - 1 ms fires at once. */
const FOR_MAX_MS = 2_147_483_647

export function addMockCommand(program: Command, io: CliIo): void {
  const mock = addCommand(program, 'mock', {
    description: 'play an API that is not there, by its contract, and grade its client',
    examples: ['tollgate mock openai', 'tollgate mock ./my-contract.yaml --scenario three-429.yaml', 'tollgate mock openai --scenario three-429.yaml --grade -- npm test'],
  })
    .argument('[contract]', 'a shipped contract, or a file')
    .argument('[command...]', 'after --: run this, with the address in TOLLGATE_MOCK_URL, and end with it')
    .addHelpText('after', 'Each code comes on demand: by the header "Tollgate-Mock: ENTRY", or at the path /_mock/ENTRY. http://localhost:4010/_mock/ has them all.')
    .option('--port <port>', 'where it listens; 0: any free port', toPort, DEFAULT_PORT)
    .option('--host <host>', 'the address that it listens at', '127.0.0.1')
    .option('--seed <number>', 'of its chances: the same seed plays the same (default: that of the scenario, else 1)', toSeed)
    .option('--scenario <file>', 'what it plays, in YAML or JSON: docs/mock.md')
    .option('--grade', 'at the end, print what the client got wrong; exit code 1 if it got anything wrong')
    .option('--for <duration>', 'end after so long: 30s', toDuration)
    .option('--cors', 'let pages of any origin read its answers')
    .option('--json', 'print address and report as JSON')
    .option('--schema', 'print the JSON Schema of scenarios, for editors')
    .action(async (ref: string | undefined, command: readonly string[], { schema, ...flags }: MockFlags & { readonly schema?: boolean }) => {
      // Loaded here: it compiles all shipped contracts, which other commands do not need.
      if (schema === true) return io.stdout(`${JSON.stringify((await import('../mock/scenario-shape.ts')).scenarioJsonSchema(), null, 2)}\n`)
      if (ref === undefined) throw new CliFailure(2, 'which contract? write: tollgate mock CONTRACT, a shipped one such as openai, or a file')
      const contract = await openContract(ref, io)
      await play(contract, await scriptOf(contract, flags, io), command, flags, io)
    })
  // What stands behind the command belongs to it.
  mock.passThroughOptions(false)
}

function toPort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (!(port <= 65_535)) throw new InvalidArgumentError('Write a port from 0 to 65535.')
  return port
}

function toSeed(text: string): number {
  const seed = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN
  if (!(seed <= 4_294_967_295)) throw new InvalidArgumentError('Write a whole number from 0 to 4294967295.')
  return seed
}

function toDuration(text: string): number {
  const ms = parseDuration(text)
  if (ms === undefined) throw new InvalidArgumentError('Write a duration with its unit: 30s, 5m.')
  if (ms > FOR_MAX_MS) throw new InvalidArgumentError('Write 24d at most, or leave it out: then it ends by a signal.')
  return ms
}

async function scriptOf(contract: Contract, { scenario, seed }: MockFlags, io: CliIo): Promise<MockScript> {
  if (scenario === undefined) return { seed }
  const { loadScenario } = await import('../mock/load-scenario.ts')
  const loaded = loadScenario(scenario, io.cwd, contract)
  if (!loaded.ok) throw new CliFailure(2, loaded.problems.map(formatProblem).join('\n'))
  return seed === undefined ? loaded.value : { ...loaded.value, seed }
}

async function play(contract: Contract, script: MockScript, command: readonly string[], flags: MockFlags, io: CliIo): Promise<void> {
  let server: MockServer | undefined
  let child: ChildProcess | undefined
  const ended = { code: undefined as number | undefined, fault: undefined as string | undefined }

  await untilStopped(async () => {
    const started = await start(contract, script, flags, io)
    server = started
    if (command.length === 0 || flags.json === true) announce(started, flags, io)
    const run = command.length === 0 ? undefined : runCommand(command, started.url, io)
    child = run?.child
    void run?.ended.then((how) => Object.assign(ended, how))
    return { close: () => started.close(), reload: () => Promise.resolve(), ...stopAsked(run?.ended, flags.for) }
  }, io)

  if (child !== undefined && child.exitCode === null && child.signalCode === null) child.kill('SIGTERM')
  const report = server?.mock.grade()
  if (ended.fault !== undefined) throw new CliFailure(1, `${command[0]} could not be run: ${ended.fault}`)
  // A report on nothing would read like a pass.
  const isNothing = child !== undefined && report?.requests === 0
  if (flags.grade === true && report !== undefined && !isNothing) await print(report, flags, io)
  if (ended.code !== undefined && ended.code !== 0) throw new CliFailure(1, `${command.join(' ')} ended with exit code ${ended.code}`)
  if (flags.grade === true && isNothing) throw new CliFailure(1, 'nothing was graded: no request came; the client must take its address from TOLLGATE_MOCK_URL')
  if (flags.grade === true && report?.verdict === 'failed') throw new CliFailure(1, 'the client did not pass')
}

async function start(contract: Contract, script: MockScript, { port, host, cors }: MockFlags, io: CliIo): Promise<MockServer> {
  const { startMock } = await import('../mock/mock-server.ts')
  try {
    return await startMock({ contract, script, address: { port, host }, cors, onError: (error) => io.stderr(`tollgate: ${error instanceof Error ? error.message : String(error)}\n`) })
  } catch (error) {
    if (error instanceof GatewayStartError) throw new CliFailure(1, `${error.message} (--port)`)
    throw error
  }
}

function announce({ url, mock: { contract } }: MockServer, { json }: MockFlags, io: CliIo): void {
  if (json === true) return io.stdout(`${JSON.stringify({ url, contract: contract.name, entries: contract.entries.size })}\n`)
  io.stdout(`tollgate plays ${contract.name} at ${url}: ${contract.entries.size} refusals on demand, see ${url}/_mock/\n`)
}

/** By whichever comes first; a signal ends it in any case. */
function stopAsked(commandEnded: Promise<unknown> | undefined, forMs: number | undefined): { readonly stopAsked?: Promise<void> } {
  const time = forMs === undefined ? undefined : new Promise<void>((resolve) => void setTimeout(resolve, forMs))
  const first = [commandEnded, time].filter((each) => each !== undefined)
  return first.length === 0 ? {} : { stopAsked: Promise.race(first).then(() => undefined) }
}

interface CommandEnd {
  readonly code?: number
  readonly fault?: string
}

function runCommand([file = '', ...args]: readonly string[], url: string, io: CliIo): { readonly child: ChildProcess; readonly ended: Promise<CommandEnd> } {
  const child = spawn(file, args, { cwd: io.cwd, env: { ...io.env, TOLLGATE_MOCK_URL: url }, stdio: 'inherit' })
  const ended = new Promise<CommandEnd>((resolve) => {
    child.once('error', (error: NodeJS.ErrnoException) => resolve({ fault: error.code === 'ENOENT' ? 'there is no such command' : error.message }))
    child.once('exit', (code) => resolve({ code: code ?? 1 }))
  })
  return { child, ended }
}

async function print(report: MockReport, { json }: MockFlags, io: CliIo): Promise<void> {
  const { formatReport } = await import('tollgate/testing')
  io.stdout(json === true ? `${JSON.stringify(report, null, 2)}\n` : formatReport(report))
}
