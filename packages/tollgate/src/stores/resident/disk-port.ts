/** A disk in another thread: what goes over to it, and what comes back. Whoever has the thread passes messages on; nothing here knows what a thread is. */
import { StoreUnavailableError, type Applied } from '../../engine/store-error.ts'
import type { Disk, DiskGroup, DiskOutcome, DiskQuestion } from './disk.ts'

/** What goes over to the thread that has the disk. */
export type DiskRequest =
  | { readonly kind: 'write'; readonly number: number; readonly group: DiskGroup }
  | { readonly kind: 'ask'; readonly number: number; readonly question: DiskQuestion }
  | { readonly kind: 'close'; readonly number: number; readonly displaced: boolean }

/** What is wrong goes over as words: errors of other threads have no class. */
export type DiskReply =
  | { readonly kind: 'done'; readonly number: number; readonly value: unknown }
  | { readonly kind: 'failed'; readonly number: number; readonly message: string; readonly applied: Applied }

/**
 * Does what comes over, on a disk of this thread.
 *
 * @example
 * function serve(disk: Disk, post: (reply: DiskReply) => void): (request: DiskRequest) => void {
 *   return serveDisk(disk, post)
 * }
 */
export function serveDisk(disk: Disk, post: (reply: DiskReply) => void): (request: DiskRequest) => void {
  const told = (number: number) => (outcome: DiskOutcome<unknown>): void =>
    post(outcome.kind === 'done' ? { kind: 'done', number, value: outcome.value } : { kind: 'failed', number, message: outcome.error.message, applied: outcome.error.applied })
  return (request) => {
    switch (request.kind) {
      case 'write':
        return disk.write(request.group, told(request.number))
      case 'ask':
        return disk.ask(request.question, told(request.number))
      case 'close':
        return disk.close(request.displaced, () => post({ kind: 'done', number: request.number, value: undefined }))
    }
  }
}

/** A disk in another thread, and its two ends for who has the thread. */
export interface RemoteDisk extends Disk {
  /** What came back. */
  receive(reply: DiskReply): void
  /** The thread is gone: all that was asked fails, and all that will be. Nobody can say what became of what it was to write. */
  lose(error: StoreUnavailableError): void
}

/**
 * The end of a disk in the thread that asks it.
 *
 * @example
 * function connect(post: (request: DiskRequest) => void): RemoteDisk {
 *   return createRemoteDisk(post)
 * }
 */
export function createRemoteDisk(post: (request: DiskRequest) => void): RemoteDisk {
  const waiting = new Map<number, { readonly kind: DiskRequest['kind']; readonly told: (outcome: DiskOutcome<unknown>) => void }>()
  let last = 0
  let lost: StoreUnavailableError | undefined

  function send(request: (number: number) => DiskRequest, told: (outcome: DiskOutcome<unknown>) => void): void {
    if (lost !== undefined) {
      told({ kind: 'failed', error: lost })
      return
    }
    last += 1
    const sent = request(last)
    waiting.set(last, { kind: sent.kind, told })
    post(sent)
  }

  return {
    write: (group, told) => send((number) => ({ kind: 'write', number, group }), told as (outcome: DiskOutcome<unknown>) => void),
    ask: (question, told) => send((number) => ({ kind: 'ask', number, question }), told as (outcome: DiskOutcome<unknown>) => void),
    close: (displaced, told) => send((number) => ({ kind: 'close', number, displaced }), () => told()),
    receive(reply) {
      const asked = waiting.get(reply.number)
      waiting.delete(reply.number)
      asked?.told(reply.kind === 'done' ? { kind: 'done', value: reply.value } : { kind: 'failed', error: new StoreUnavailableError(reply.message, { applied: reply.applied }) })
    },
    lose(error) {
      lost = new StoreUnavailableError(error.message, { cause: error.cause })
      const unknown = new StoreUnavailableError(error.message, { cause: error.cause, applied: 'unknown' })
      const all = [...waiting.values()]
      waiting.clear()
      for (const { kind, told } of all) told({ kind: 'failed', error: kind === 'write' ? unknown : lost })
    },
  }
}
