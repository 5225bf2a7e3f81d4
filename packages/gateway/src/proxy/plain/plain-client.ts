/**
 * Speaks plain HTTP/1.1 on one connection to an upstream: requests are written as undici would write them, head and short body at once; answers are read by a strict
 * grammar, chunk by chunk, without a stream in between.
 *
 *     open → resting ⇄ asked → head → body → resting
 *                        │       └─────┴──▶ undici     what comes is not plain: it reads on, for the rest of the connection
 *                        └──▶ undici                   what is asked is not plain
 *
 * One request at a time: what comes unasked, or behind the end of an answer, ends the connection.
 */
import type { Socket } from 'node:net'
import { errors } from 'undici'
import { BodyStream } from '../../http/request-body.ts'
import { afterOnMachine } from '../../platform/system-clock.ts'
import type { OutgoingMessage } from '../outgoing-message.ts'
import { UndiciClient } from '../undici-client.ts'
import type { UpstreamClientOptions, ClientOwner, ClientUser, UpstreamClient } from '../upstream-client.ts'
import { expectsPayload, formatRequestLines, type RequestLines } from './request-lines.ts'
import { createResponseBody, type ResponseBody } from './response-body.ts'
import { readResponseHead, type ResponseHead } from './response-grammar.ts'
import { StreamedBody } from './streamed-body.ts'
import { UndiciTakeover } from './undici-takeover.ts'

/** A body that is not longer joins its head; a longer one is not copied. */
const JOINED_BYTES_MAX = 8_192

/** A head that comes in more pieces is undici's: here each piece begins it anew. */
const HEAD_PIECES_MAX = 8

/** `HTTP/1.1 200`: with less of it, it may still be an interim answer. */
const STATUS_BYTES = 12

/** So long a connection rests, as undici has it: where its service says nothing, and how much sooner than it says. */
const REST_MS = 4_000
const REST_EARLIER_MS = 2_000
const REST_MS_MAX = 600_000

interface Asked {
  readonly request: OutgoingMessage
  readonly lines: RequestLines
  readonly user: ClientUser
}

export class PlainClient implements UpstreamClient {
  readonly #options: UpstreamClientOptions
  readonly #owner: ClientOwner
  #socket: Socket | undefined
  #asked: Asked | undefined
  /** It has been written, or is being written. */
  #isBegun = false
  #streamed: StreamedBody | undefined
  /** Of a head, not yet whole. */
  #bytes: Buffer | undefined
  #pieces = 0
  #isStarted = false
  #head: ResponseHead | undefined
  #body: ResponseBody | undefined
  #isPaused = false
  #takeover: UndiciTakeover | undefined
  #error: Error | undefined
  #isDestroyed = false
  #restMs = REST_MS
  #restsSinceMs = 0
  #restTimerMs = Infinity
  #cancelRest: (() => void) | undefined
  /** Since it became free, the wire was looked at for bytes that come unasked. */
  #isLookedAt = false
  awaitsAnswer = false

  constructor(options: UpstreamClientOptions, owner: ClientOwner) {
    this.#options = options
    this.#owner = owner
  }

  // ── The request ──

  dispatch(request: OutgoingMessage, user: ClientUser): void {
    const lines = formatRequestLines(request, hostLineOf(this.#options.origin))
    if (lines === undefined || (request.body instanceof Uint8Array && lines.length !== undefined)) return this.#leave().dispatch(request, user)
    this.#asked = { request, lines, user }
    this.#isBegun = false
    const socket = this.#socket
    if (socket === undefined) return this.#connect()
    socket.ref()
    // What has come meanwhile is read first: an end, or bytes that are no answer to this. For an end, what may be sent twice need not wait.
    if (this.#isLookedAt && isSentTwice(request)) this.#begin()
    else setImmediate(beginNow, this)
  }

  #connect(): void {
    const { hostname, host, protocol, port } = this.#options.origin
    this.#options.connect({ hostname: hostname.replace(/^\[(.*)\]$/, '$1'), host, protocol, port }, (...result) => {
      if (result[0] !== null) return this.#notOpened(result[0])
      const socket = result[1]
      if (this.#isDestroyed) return void socket.on('error', ignore).destroy()
      this.#socket = socket
      socket.on('data', this.#onData).on('end', this.#onEnd).on('error', this.#onError).on('close', this.#onClose)
      this.#owner.opened()
      this.#begin()
    })
  }

  #notOpened(error: Error): void {
    const { user } = this.#asked ?? {}
    this.#asked = undefined
    if (!this.#isDestroyed) user?.onError(error)
    this.#owner.free()
  }

  begin(): void {
    if (this.#asked !== undefined && !this.#isBegun) this.#begin()
  }

  #begin(): void {
    const asked = this.#asked
    const socket = this.#socket
    // Where it has closed meanwhile, its end opens another one.
    if (asked === undefined || socket === undefined || socket.destroyed) return
    this.#isBegun = true
    const { user } = asked
    try {
      user.onConnect(() => this.#abort(user))
    } catch (error) {
      this.#asked = undefined
      user.onError(error instanceof Error ? error : new Error(String(error)))
      return this.#owner.free()
    }
    if (this.#asked === asked) this.#write(socket, asked)
  }

  #write(socket: Socket, { request: { method, body }, lines }: Asked): void {
    const { text } = lines
    if (body instanceof BodyStream) {
      this.#streamed = new StreamedBody(socket, lines, method, body, (error) => this.#fail(error))
    } else if (body === null || body.length === 0) {
      socket.write(expectsPayload(method) ? `${text}content-length: 0\r\n\r\n` : `${text}\r\n`, 'latin1')
    } else if (body.length <= JOINED_BYTES_MAX) {
      socket.write(`${text}content-length: ${body.length}\r\n\r\n${latin1Of(body)}`, 'latin1')
    } else {
      socket.cork()
      socket.write(`${text}content-length: ${body.length}\r\n\r\n`, 'latin1')
      socket.write(body)
      socket.uncork()
    }
  }

  expectAnswer(): void {
    this.awaitsAnswer = true
  }

  // ── The answer ──

  readonly #onData = (chunk: Buffer): void => {
    if (this.#body !== undefined) return this.#readBody(this.#body, chunk)
    const asked = this.#asked
    if (asked === undefined || !this.#isBegun) return this.#close(new errors.SocketError('bad response'))
    const bytes = this.#bytes === undefined ? chunk : Buffer.concat([this.#bytes, chunk])
    const reading = readResponseHead(bytes, asked.request.method === 'HEAD')
    this.#pieces += 1
    if (reading.kind === 'other' || (reading.kind === 'incomplete' && this.#pieces > HEAD_PIECES_MAX)) return this.#handOver(asked, bytes)
    if (bytes.length >= STATUS_BYTES) this.#started(asked.user)
    if (reading.kind === 'incomplete') {
      this.#bytes = bytes
      return
    }
    this.#bytes = undefined
    this.#head = reading
    const body = createResponseBody(reading.framing)
    this.#body = body
    asked.user.onHeaders(reading.status, reading.headers, this.#resume)
    if (this.#body === body) this.#readBody(body, bytes.subarray(reading.end))
  }

  #started(user: ClientUser): void {
    this.awaitsAnswer = false
    if (this.#isStarted) return
    this.#isStarted = true
    user.onResponseStarted()
  }

  #readBody(body: ResponseBody, bytes: Buffer): void {
    const piece = body.read(bytes)
    const takesMore = piece.length === 0 || this.#asked?.user.onData(piece) !== false
    if (this.#body !== body) return
    if (takesMore) return this.#goOn(body)
    this.#isPaused = true
    this.#socket?.pause()
  }

  readonly #resume = (): void => {
    if (this.#takeover !== undefined) return this.#takeover.resume()
    if (!this.#isPaused) return
    this.#isPaused = false
    if (this.#body !== undefined) this.#goOn(this.#body)
    this.#socket?.resume()
  }

  #goOn(body: ResponseBody): void {
    switch (body.state) {
      case 'more':
        return
      case 'done':
        return this.#completed(body)
      case 'left':
        if (this.#asked !== undefined) this.#handOver(this.#asked, body.rest)
        return
      case 'broken':
        return this.#close(new errors.HTTPParserError('Response does not match the HTTP/1.1 protocol (a chunk is longer than it says)'))
    }
  }

  #completed(body: ResponseBody): void {
    const { user } = this.#asked ?? {}
    const mustClose = this.#mustClose()
    this.#restMs = restMsOf(this.#head?.keepAlive)
    const ends = mustClose || this.#head?.closes === true || this.#restMs <= 0
    this.#forget()
    user?.onComplete()
    if (ends) this.#close(new errors.InformationalError('reset'))
    else if (body.rest.length > 0) this.#close(new errors.SocketError('bad response'))
    else setImmediate(nowFree, this)
  }

  /** Whether the connection ends with this answer, whatever it says: not all was sent, or undici would not trust the service. */
  #mustClose(): boolean {
    if (this.#streamed?.ended === false) return true
    const { method = 'HEAD', body = null } = this.#asked?.request ?? {}
    return method === 'HEAD' || (!expectsPayload(method) && body !== null)
  }

  #forget(): void {
    this.#streamed?.stop()
    this.#asked = this.#streamed = this.#bytes = this.#head = this.#body = undefined
    this.#isBegun = this.#isStarted = this.#isPaused = false
    this.#pieces = 0
  }

  // ── Undici in its place ──

  /** Before anything was asked. */
  #leave(): UndiciClient {
    const socket = this.#socket
    if (socket !== undefined) this.#detach(socket).ref()
    const client = new UndiciClient(this.#options, this.#owner, socket)
    this.#owner.replacedBy(client)
    return client
  }

  #handOver({ request: { method }, user }: Asked, bytes: Buffer): void {
    const socket = this.#socket
    if (socket === undefined) return
    this.#takeover = new UndiciTakeover({
      client: this.#options,
      owner: this.#owner,
      socket: this.#detach(socket),
      bytes,
      method,
      user,
      head: this.#head,
      mustClose: () => {
        const mustClose = this.#mustClose()
        this.#forget()
        return mustClose
      },
    })
  }

  #detach(socket: Socket): Socket {
    this.#cancelRest?.()
    this.#cancelRest = undefined
    this.#socket = undefined
    return socket.off('data', this.#onData).off('end', this.#onEnd).off('error', this.#onError).off('close', this.#onClose).on('error', ignore).pause()
  }

  // ── Its end ──

  #abort(user: ClientUser): void {
    if (this.#asked?.user !== user) return
    const takeover = this.#takeover
    this.#forget()
    if (takeover !== undefined) takeover.abort()
    else this.#close(new errors.InformationalError('aborted'))
  }

  /** The request cannot be sent to its end. */
  #fail(error: Error): void {
    const { user } = this.#asked ?? {}
    if (user === undefined) return
    this.#abort(user)
    user.onError(error)
  }

  #close(error: Error): void {
    this.#error ??= error
    this.#socket?.destroy()
  }

  readonly #onEnd = (): void => this.#close(new errors.SocketError('other side closed'))

  readonly #onError = (error: Error): void => {
    this.#error ??= error
  }

  readonly #onClose = (): void => {
    const error = this.#error ?? new errors.SocketError('closed')
    const { user } = this.#asked ?? {}
    const awaitsBegin = user !== undefined && !this.#isBegun && !this.#isDestroyed
    this.#socket = this.#error = undefined
    this.#cancelRest?.()
    this.#cancelRest = undefined
    if (!awaitsBegin) {
      this.#forget()
      user?.onError(error)
    }
    this.#owner.closed(error)
    if (awaitsBegin) this.#connect()
    else this.#owner.free()
  }

  destroy(): void {
    this.#isDestroyed = true
    if (this.#socket !== undefined) return this.#close(new errors.ClientDestroyedError())
    const { user } = this.#asked ?? {}
    this.#forget()
    user?.onError(new errors.ClientDestroyedError())
  }

  // ── Its rest ──

  free(): void {
    const socket = this.#socket
    if (socket === undefined || socket.destroyed || this.#asked !== undefined) return
    socket.unref()
    this.#isLookedAt = false
    setImmediate(nowLookedAt, this)
    this.#restsSinceMs = performance.now()
    this.#owner.free()
    if (this.#asked !== undefined) return
    if (this.#cancelRest !== undefined && this.#restTimerMs <= this.#restMs) return
    this.#cancelRest?.()
    this.#waitForRest(this.#restMs)
  }

  lookedAt(): void {
    this.#isLookedAt = true
  }

  /** One timer for many rests: when it is due, it looks whether this one is. */
  #waitForRest(forMs: number): void {
    this.#restTimerMs = forMs
    this.#cancelRest = afterOnMachine(forMs, () => {
      this.#cancelRest = undefined
      if (this.#asked !== undefined) return
      const leftMs = this.#restsSinceMs + this.#restMs - performance.now()
      if (leftMs > 1) this.#waitForRest(leftMs)
      else this.#close(new errors.InformationalError('socket idle timeout'))
    })
  }
}

function isSentTwice({ method, body }: OutgoingMessage): boolean {
  return (method === 'GET' || method === 'HEAD') && body === null
}

function restMsOf(keepAlive: string | undefined): number {
  const seconds = /timeout=(\d+)/.exec(keepAlive ?? '')?.[1]
  return seconds === undefined ? REST_MS : Math.min(Number(seconds) * 1_000 - REST_EARLIER_MS, REST_MS_MAX)
}

function hostLineOf({ host }: URL): string {
  return `host: ${host}\r\n`
}

function latin1Of(bytes: Uint8Array): string {
  return (Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)).toString('latin1')
}

function beginNow(client: PlainClient): void {
  client.begin()
}

function nowFree(client: PlainClient): void {
  client.free()
}

function nowLookedAt(client: PlainClient): void {
  client.lookedAt()
}

function ignore(): void {}
