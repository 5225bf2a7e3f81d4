/** The program's own entry: the process as the outside of the command line. */
import { once } from 'node:events'
import { askTerminal } from './ask-terminal.ts'
import { holdSignals } from './signals.ts'

// A reader that has seen enough (`tollgate requests list | head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})

const exit = (code: number): void => process.exit(code)
// Only what runs on must outlive them; every other command ends by Ctrl-C as any program does.
const isLiveCheck = process.argv[2] === 'check' && process.argv.some((word) => /^https?:\/\//i.test(word))
const runsOn = process.argv[2] === 'serve' || process.argv[2] === 'mock' || isLiveCheck
const onSignal = runsOn ? holdSignals(process, exit) : () => () => undefined

// The rest of the program is loaded when the signals are held, since that takes most of its start.
const { runCli } = await import('./run-cli.ts')
const { forkWorker, supervisorPort } = await import('../workers/cluster-processes.ts')
const supervisor = supervisorPort()

process.exitCode = await runCli(process.argv.slice(2), {
  stdout: (text) => void process.stdout.write(text),
  async stdoutDrained() {
    if (process.stdout.writableNeedDrain) await once(process.stdout, 'drain')
  },
  stderr: (text) => void process.stderr.write(text),
  readStdin,
  ask: process.stdin.isTTY && process.stdout.isTTY ? askTerminal : undefined,
  env: process.env,
  cwd: process.cwd(),
  fetch: globalThis.fetch,
  isTerminal: process.stdout.isTTY,
  onSignal,
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  fork: forkWorker,
  supervisor,
  announce: process.send === undefined || supervisor !== undefined ? undefined : () => process.send?.('started', () => process.disconnect()),
  exit,
})

async function readStdin(): Promise<string> {
  let text = ''
  process.stdin.setEncoding('utf8')
  for await (const chunk of process.stdin) text += String(chunk)
  return text
}
