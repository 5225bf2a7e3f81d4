/** `tollgate stop`: ends a gateway in order, wherever it was started from. */
import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { codeOf } from '../platform/error-code.ts'
import { addAdminCommand, openSession } from './admin-command.ts'
import type { ReplyOf } from '../operator/operation-call.ts'
import { CliFailure, type CliIo } from './cli-io.ts'
import type { DownAdvice } from './connection-fault.ts'

const nothingToStop: DownAdvice = {
  refused: 'no gateway runs there, so that there is nothing to stop',
  mend: 'if it is elsewhere, say where with --admin URL',
  neverStarted: 'there is nothing to stop; if it is elsewhere, say where with --admin URL and --token',
}

const PAUSE_MS = 100
/** Beyond what requests may take: for what is written at the end. */
const CLOSING_MS = 15_000

export function addStopCommand(program: Command, io: CliIo): void {
  addAdminCommand(program, 'stop', { description: 'stop the gateway in order: what is in flight is answered, all is written', examples: ['tollgate stop'] })
    .option('--no-await', 'return at once, and not when it has ended')
    .action(async (_, command: Command) => {
      const session = openSession(command, io, { waitMs: 0, advice: nothingToStop })
      const { await: awaits } = command.opts<{ readonly await: boolean }>()
      const reply = await session.call('gateway.stop', {})
      const ended = awaits && (await hasEnded(reply, io))
      if (awaits && !ended && isAlive(reply.pid)) throw new CliFailure(1, `the gateway, process ${reply.pid}, has not ended yet; what is in flight may take as long as shutdown.grace says`)
      session.show({ ...reply, stopped: ended }, ({ green }) => `${green(ended ? 'Stopped.' : 'It stops.')}\n`)
    })
}

/** Of a gateway on another machine the process cannot be seen: then it looks ended at once, and its port is free a moment later. */
async function hasEnded({ pid, graceMs }: ReplyOf<'gateway.stop'>, { sleep }: CliIo): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < graceMs + CLOSING_MS; waitedMs += PAUSE_MS) {
    if (!isAlive(pid)) return true
    if (sleep === undefined) return false
    await sleep(PAUSE_MS)
  }
  return false
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    // Somebody else's process is one too.
    return codeOf(error) === 'EPERM'
  }
  try {
    // Ended, and not yet collected by its parent: in a container nobody may ever do that.
    return !/^\d+ \(.*\) [ZX] /s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return true
  }
}
