/** Who speaks HTTP on one connection to an upstream: undici (`undici-client.ts`), or the plain wire (`plain/plain-client.ts`) until something comes that is not plain. */
import type { Duplex } from 'node:stream'
import type { buildConnector, Client } from 'undici'
import type { OutgoingMessage } from './outgoing-message.ts'

/** Who asks, and is told what comes back. In the words of undici's handlers. */
export interface ClientUser {
  /** The request goes out now. Throws where nobody waits for it any more. */
  onConnect(abort: () => void): void
  /** The first byte of an answer has come. */
  onResponseStarted(): void
  onHeaders(status: number, headers: readonly (Buffer | string)[], resume: () => void): boolean
  /** False: no more until it resumes. */
  onData(chunk: Buffer): boolean
  onComplete(): void
  onError(error: Error): void
  onUpgrade(status: number, headers: readonly (Buffer | string)[] | null, socket: Duplex): void
}

export interface UpstreamClient {
  /** One request at a time. Opens the connection, where it is not open. */
  dispatch(request: OutgoingMessage, user: ClientUser): void
  /** A request goes out. */
  expectAnswer(): void
  /** No final answer has begun since. */
  readonly awaitsAnswer: boolean
  destroy(): void
}

/** Whose connection it is. */
export interface ClientOwner {
  opened(): void
  closed(error: Error): void
  /** It takes another request, or never will. */
  free(): void
  /** From now on another one speaks on the same connection. */
  replacedBy(client: UpstreamClient): void
}

export interface UpstreamClientOptions {
  readonly origin: URL
  readonly connect: buildConnector.connector
  /** Undici's. */
  readonly client: Client.Options
}
