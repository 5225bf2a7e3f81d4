/** What counters ask of a client of Valkey or Redis, whichever it is, and what its failures mean. */
import { StoreUnavailableError } from '../../../engine/store-error.ts'

/**
 * One connection, or one to a cluster.
 *
 * @example
 * // As `new Redis(url, { enableOfflineQueue: false, autoResendUnfulfilledCommands: false })` of ioredis is one.
 * declare const redis: { call(name: string, ...args: (string | number)[]): Promise<unknown> }
 * const client: ValkeyClient = { command: (name, args) => redis.call(name, ...args) }
 */
export interface ValkeyClient {
  /**
   * Sends a command, once: never again after its connection broke. Rejects with an Error named `ReplyError` for what the server said, with a StoreUnavailableError where it
   * knows that nothing was sent; anything else means that nobody knows what became of the command.
   */
  command(name: string, args: readonly (string | number)[]): Promise<unknown>
  /** Of a cluster: a command goes to the node of its first key, and may name no key of another slot. */
  readonly isCluster?: boolean
}

/** With what became of what was asked. What the server refuses it has not done: a script reads and decides before it writes. */
export function toStoreError(error: unknown): StoreUnavailableError {
  if (error instanceof StoreUnavailableError) return error
  const message = error instanceof Error ? error.message : String(error)
  if (isReply(error)) return new StoreUnavailableError(`the counters' server refused: ${message}`, { cause: error })
  return new StoreUnavailableError(`nobody knows what the counters' server did: ${message}`, { cause: error, applied: 'unknown' })
}

export function isReply(error: unknown): error is Error {
  return error instanceof Error && error.name === 'ReplyError'
}
