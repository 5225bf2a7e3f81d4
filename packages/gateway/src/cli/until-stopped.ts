import type { RunningGateway } from '../program/program.ts'
import { CliFailure, type CliIo } from './cli-io.ts'

type Served = Pick<RunningGateway, 'close'> & Partial<Pick<RunningGateway, 'stopAsked'>> & { reload(): Promise<unknown> }

/**
 * Runs what `start` starts until a signal, or an operator, asks for the end, and resolves when the end is reached. Signals have their meaning from before the start on: what
 * is asked meanwhile is done as soon as it can be. Rejects with a sentence when something could not be written.
 */
export async function untilStopped(start: () => Promise<Served>, io: Pick<CliIo, 'onSignal' | 'exit'>): Promise<void> {
  let gateway: Served | undefined
  let reloadAsked = false
  let stopping = false
  let stop = (): void => undefined
  const stopAsked = new Promise<void>((resolve) => (stop = resolve))

  function onReload(): void {
    // However it fails, it is in the log already.
    if (gateway !== undefined) void gateway.reload().catch(() => undefined)
    else reloadAsked = true
  }
  function onStop(): void {
    if (stopping) return io.exit(1)
    stopping = true
    stop()
  }

  const handlers = [io.onSignal('SIGHUP', onReload), io.onSignal('SIGTERM', onStop), io.onSignal('SIGINT', onStop)]
  try {
    if (stopping) return
    gateway = await start()
    // The file may have been changed after it was read.
    if (reloadAsked) onReload()
    await Promise.race([stopAsked, ...(gateway.stopAsked === undefined ? [] : [gateway.stopAsked])])
    await gateway.close().catch((error: unknown) => {
      throw new CliFailure(1, `stopped, but not in order: ${error instanceof Error ? error.message : String(error)}`)
    })
  } finally {
    for (const forget of handlers) forget()
  }
}
