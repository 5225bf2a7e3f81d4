/**
 * An answer that is not plain, or does not go on plainly, is read by undici, on the same connection: it is given a request for that whose bytes go nowhere, and then
 * what had been read. The service has been asked once, and undici keeps the connection for what comes after.
 */
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { errors } from 'undici'
import { UndiciClient } from '../undici-client.ts'
import type { UpstreamClientOptions, ClientOwner, ClientUser } from '../upstream-client.ts'
import { headOfChunks } from './response-body.ts'
import type { ResponseHead } from './response-grammar.ts'

export interface TakeoverOptions {
  readonly client: UpstreamClientOptions
  readonly owner: ClientOwner
  readonly socket: Socket
  /** What had been read, and not passed on. */
  readonly bytes: Buffer
  /** Of the request that it answers. */
  readonly method: string
  readonly user: ClientUser
  /** The head that had been passed on. */
  readonly head: ResponseHead | undefined
  /** Whether the connection must end with this answer, whatever it says. */
  readonly mustClose: () => boolean
}

export class UndiciTakeover implements ClientUser {
  readonly #user: ClientUser
  readonly #socket: Socket
  readonly #mustClose: () => boolean
  readonly #client: UndiciClient
  readonly #headSeen: boolean
  #abort: (() => void) | undefined
  #resume: (() => void) | undefined
  #isOver = false

  constructor({ client, owner, socket, bytes, method, user, head, mustClose }: TakeoverOptions) {
    this.#user = user
    this.#socket = socket
    this.#mustClose = mustClose
    this.#headSeen = head !== undefined
    replayOnWrite(socket, head === undefined ? bytes : Buffer.concat([headOfChunks(head.closes), bytes]))
    // Before it has begun it must not begin anew elsewhere: this request is for nobody.
    const connect: UpstreamClientOptions['connect'] = (target, callback) => (this.#abort === undefined ? callback(Object.assign(new Error('the connection closed'), { code: 'ECONNRESET' }), null) : client.connect(target, callback))
    this.#client = new UndiciClient({ ...client, connect }, owner, socket)
    owner.replacedBy(this.#client)
    this.#client.dispatch({ method, path: '/', headers: [], body: null, upgrade: null }, this)
  }

  abort(): void {
    this.#isOver = true
    if (this.#abort === undefined) this.#socket.destroy()
    else this.#abort()
  }

  resume(): void {
    this.#resume?.()
  }

  onConnect(abort: () => void): void {
    this.#abort = abort
    if (!this.#headSeen) this.#client.expectAnswer()
  }

  onResponseStarted(): void {
    if (!this.#headSeen) this.#user.onResponseStarted()
  }

  onHeaders(status: number, headers: readonly (Buffer | string)[], resume: () => void): boolean {
    this.#resume = resume
    return this.#headSeen || this.#user.onHeaders(status, headers, resume)
  }

  onData(chunk: Buffer): boolean {
    return this.#user.onData(chunk)
  }

  onComplete(): void {
    const mustClose = this.#mustClose()
    this.#user.onComplete()
    if (mustClose) this.#socket.destroy(new errors.InformationalError('reset'))
  }

  onError(error: Error): void {
    if (!this.#isOver) this.#user.onError(error)
  }

  onUpgrade(_status: number, _headers: unknown, socket: Duplex): void {
    // Nobody asked for it; undici has refused it before.
    socket.destroy()
  }
}

/** The next that is written goes nowhere; then the bytes are there to be read, and nothing before. */
function replayOnWrite(socket: Socket, bytes: Buffer): void {
  const read = socket.read.bind(socket)
  const { write } = socket
  let isWritten = false
  socket.read = (size?: number) => (isWritten ? read(size) : null)
  socket.write = () => {
    socket.write = write
    // Undici takes what comes earlier for an answer that came unasked.
    process.nextTick(() => {
      isWritten = true
      socket.unshift(bytes)
    })
    return true
  }
}
