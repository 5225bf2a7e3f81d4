/**
 * One shell into which the commands of a page are typed. Each start of the program costs half a second, and says the same as the command line called in this
 * process; so `tollgate` is a real process the first time for each kind of command in a worker, and whenever it runs on (`serve`, `stop`, `mock`). By `npm run prove` it always is.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { onTestFinished } from 'vitest'
import { runCli } from '../packages/gateway/src/cli/run-cli.ts'
import { program, programs } from './joined.ts'
import { isProving } from './runs.ts'

/** `tsc`, for one. */
const tools = join(import.meta.dirname, '../node_modules/.bin')

/** The kinds of commands that have been a process. */
const kinds = new Set<string>()

/** All that it prints, errors too. Whatever it started has ended afterwards, and `folder`, where it was typed, is gone. */
export async function typed(script: string, folder: string): Promise<string> {
  const path = [...(isProving ? [] : [await programHere(folder), programs]), tools, process.env['PATH']]
  const before = process.cwd()
  // What the command line shows of files is relative to it.
  process.chdir(folder)
  const shell = spawn('bash', ['-c', `exec 2>&1\n${script}\nkill $(jobs -p) 2>&-`], { cwd: folder, env: { ...process.env, PATH: path.join(':') }, stdio: ['ignore', 'pipe', 'inherit'], detached: true })
  onTestFinished(() => {
    process.chdir(before)
    try {
      process.kill(-Number(shell.pid), 'SIGKILL')
    } catch {
      // All of it has ended.
    }
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
  })
  const exited = once(shell, 'exit')
  const output = await text(shell.stdout)
  await exited
  return output
}

/** A folder with a `tollgate` that asks this process, for a shell that begins in `place`. */
async function programHere(place: string): Promise<string> {
  const folder = join(place, '.here')
  const server = createServer(serveCommand)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  mkdirSync(folder)
  writeFileSync(join(folder, 'tollgate'), programText(place, (server.address() as AddressInfo).port), { mode: 0o755 })
  return folder
}

/** Its arguments and, of the commands that read it, their stdin go over as texts that end with NUL; back comes what it is to do, as a script. */
const programText = (place: string, port: number): string => `#!/usr/bin/env bash
kind=$1
[ "$1" = contract ] && kind=$1-$2
case $kind in serve | stop | mock) exec '${program}' "$@" ;; esac
# Here it is called where the shell began.
[ "$PWD" = '${place}' ] || exec '${program}' "$@"
stdin=
case $kind in contract-read | explain) stdin=$(cat && echo .) ;; esac
exec 3<>/dev/tcp/127.0.0.1/${port}
printf '%s\\0' "$#" "$@" "\${stdin%.}" >&3
eval "$(cat <&3)"
`

function serveCommand(socket: Socket): void {
  let received = ''
  socket.setEncoding('utf8')
  // A shell that is killed in the middle.
  socket.on('error', () => undefined)
  socket.on('data', (chunk) => {
    received += String(chunk)
    const [count = '', ...texts] = received.split('\0')
    if (texts.length - 2 === Number(count)) void run(texts.slice(0, -2), texts.at(-2) ?? '').then((script) => socket.end(script))
  })
}

const itself = `exec 3<&-
[ -n "$stdin" ] || exec '${program}' "$@"
printf %s "\${stdin%.}" | '${program}' "$@"
exit
`

/** The first of its kind is a process. The others are called, as `cli/main.ts` does. */
async function run(argv: readonly string[], stdin: string): Promise<string> {
  const kind = argv.slice(0, argv[0] === 'contract' ? 2 : 1).join(' ')
  if (!kinds.has(kind)) {
    kinds.add(kind)
    return itself
  }
  const lines: string[] = []
  const print = (stream: number) => (said: string) => void lines.push(`printf %s '${said.replaceAll("'", String.raw`'\''`)}' >&${stream}\n`)
  const code = await runCli(argv, {
    stdout: print(1),
    stderr: print(2),
    readStdin: () => Promise.resolve(stdin),
    env: process.env,
    cwd: process.cwd(),
    fetch: globalThis.fetch,
    isTerminal: false,
    onSignal: () => () => undefined,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    exit: (exitCode) => void lines.push(`exit ${exitCode}\n`),
  })
  return `${lines.join('')}exit ${code}`
}
