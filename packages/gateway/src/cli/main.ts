/** The program's own entry: the process as the outside of the command line. */
import { once } from 'node:events'
import { runCli } from './run-cli.ts'

// A reader that has seen enough (`tollgate requests list | head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})

process.exitCode = await runCli(process.argv.slice(2), {
  stdout: (text) => void process.stdout.write(text),
  async stdoutDrained() {
    if (process.stdout.writableNeedDrain) await once(process.stdout, 'drain')
  },
  stderr: (text) => void process.stderr.write(text),
  readStdin,
  env: process.env,
  cwd: process.cwd(),
  fetch: globalThis.fetch,
  isTerminal: process.stdout.isTTY,
  onSignal(signal, run) {
    process.on(signal, run)
    return () => void process.off(signal, run)
  },
  exit: (code) => process.exit(code),
})

async function readStdin(): Promise<string> {
  let text = ''
  process.stdin.setEncoding('utf8')
  for await (const chunk of process.stdin) text += String(chunk)
  return text
}
