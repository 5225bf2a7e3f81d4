/** `tollgate serve --detach`: the gateway as a process of its own, which goes on when the shell has gone. */
import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileFault } from '../config/read/files.ts'
import { CliFailure, type CliIo } from './cli-io.ts'

/** Resolves when the gateway takes requests. Fails with its own words, and its exit code, if it does not come so far. */
export async function startDetached(config: string, { log, flags, io }: { readonly log: string; readonly flags: readonly string[]; readonly io: CliIo }): Promise<void> {
  const file = openLog(log)
  const before = statSync(log).size
  const child = spawn(process.execPath, [process.argv[1] ?? '', 'serve', config, ...flags], { cwd: io.cwd, detached: true, stdio: ['ignore', file, file, 'ipc'] })
  closeSync(file)
  const started = await isStarted(child)
  const said = readFileSync(log).subarray(before).toString('utf8').split('\n').filter((line) => /^(?:tollgate[: ]|services settle |admin token: )/.test(line))
  if (!started) {
    const words = said.map((line) => line.replace(/^tollgate: /, '')).join('\n')
    throw new CliFailure(child.exitCode === 2 ? 2 : 1, words === '' ? `the gateway ended before it took requests; see ${log}` : words)
  }
  child.unref()
  io.stdout(`${said.map((line) => `${line}\n`).join('')}It runs in the background as process ${child.pid} and writes to ${log}; "tollgate stop" ends it.\n`)
}

function isStarted(child: ChildProcess): Promise<boolean> {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('message', () => {
      child.disconnect()
      resolve(true)
    })
    child.once('exit', () => resolve(false))
  })
}

/** Readable to its owner only, as the database that it lies beside. */
function openLog(log: string): number {
  try {
    // The last directory of the path is made by the start too.
    mkdirSync(dirname(log))
  } catch {
    // It is there, or the opening says what is wrong.
  }
  try {
    return openSync(log, 'a', 0o600)
  } catch (error) {
    throw new CliFailure(1, `${log} cannot be written: ${fileFault(error)}`)
  }
}
