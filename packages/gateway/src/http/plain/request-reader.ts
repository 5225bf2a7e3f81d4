/**
 * Reads the requests of one connection by the grammar of the plain wire, one after the other: the next one is looked at when the answer before it is on its way.
 * What is none by that grammar goes to node:http with all that follows on the connection, before anything else has seen it.
 *
 *     head → body → answer → head …
 *       └→ Node             the connection is read by it from here on
 */
import type { Socket } from 'node:net'
import type { Connection, Feed } from '../connection.ts'
import { Exchange } from '../exchange.ts'
import { RequestBody } from '../request-body.ts'
import { noBody, PlainBody } from './plain-body.ts'
import { PlainAnswer } from './plain-answer.ts'
import type { PlainCore } from './plain-core.ts'
import { readRequestHead } from './request-grammar.ts'

/** Of what is sent before it was asked for, so much is read. */
const AHEAD_BYTES_MAX = 65_536

export class RequestReader implements Feed {
  readonly #core: PlainCore
  readonly #socket: Socket
  readonly #connection: Connection
  /** Read from the socket, and not yet looked at, or not yet a whole head. */
  #bytes: Buffer | undefined
  #body: PlainBody | undefined
  #isLooking = false
  /** It was handed over. */
  #isNodes = false
  #isPaused = false
  #callerEnded = false
  #isStallBound = false
  /** A request was answered before. */
  #isKept = false
  /** So often the wire has looked since anything happened that it waits for. */
  #looks = 0

  constructor(core: PlainCore, socket: Socket, connection: Connection) {
    this.#core = core
    this.#socket = socket
    this.#connection = connection
    socket.on('data', this.#onData).on('end', this.#onEnd).on('drain', this.#onDrain).on('error', ignore)
  }

  // ── What comes ──

  readonly #onData = (chunk: Buffer): void => {
    if (this.#connection.ends) return
    const body = this.#body
    // Nothing rests here to be looked at before a body is complete.
    const taken = body === undefined || body.complete ? 0 : body.push(chunk)
    if (taken === chunk.length) return
    const rest = taken === 0 ? chunk : chunk.subarray(taken)
    if (this.#bytes === undefined) {
      this.#bytes = rest
      if (this.#isKept) this.#looks = 0
    } else {
      this.#bytes = Buffer.concat([this.#bytes, rest])
      this.#changeFlow()
    }
    this.#core.turn.queue(this)
  }

  readonly #onEnd = (): void => {
    this.#callerEnded = true
    if (this.#body !== undefined && !this.#body.complete) this.#core.breakOff(this.#socket, 'HPE_INVALID_EOF_STATE', undefined)
    else this.next()
  }

  readonly #onDrain = (): void => {
    this.#connection.drained()
    this.next()
  }

  // ── What becomes of it ──

  get hasMore(): boolean {
    return this.#bytes !== undefined
  }

  next(): void {
    if (this.#isLooking) return
    this.#isLooking = true
    while (this.#look());
    this.#isLooking = false
    if (this.#isNodes) return
    if (this.#socket.writableLength > 0 && !this.#connection.busy) this.#boundStall()
    this.#changeFlow()
  }

  /** Whether a request has begun by that. */
  #look(): boolean {
    const connection = this.#connection
    if (connection.ends || connection.busy || this.#socket.writableNeedDrain) return false
    const bytes = this.#bytes
    if (bytes === undefined) {
      if (this.#callerEnded) connection.end(nothing)
      return false
    }
    const reading = readRequestHead(bytes, 0, this.#core.front.limits)
    if (reading.kind === 'incomplete') {
      if (this.#callerEnded) this.#core.breakOff(this.#socket, 'HPE_INVALID_EOF_STATE', bytes)
      return false
    }
    if (reading.kind === 'other') {
      this.#handOver(bytes)
      return false
    }
    const { head, end, closes } = reading
    const length = head.contentLength ?? 0
    let from = end
    this.#body = length === 0 ? undefined : new PlainBody(length, this.#changeFlow)
    if (this.#body !== undefined && from < bytes.length) from += this.#body.push(bytes.subarray(from))
    this.#bytes = from === bytes.length ? undefined : bytes.subarray(from)
    this.#isKept = true
    this.#looks = 0
    const body = new RequestBody(this.#body ?? noBody, head)
    const answer = new PlainAnswer(this.#socket, this.#core.lines, this.#core.turn, head.method === 'HEAD', !closes)
    connection.enter(new Exchange(this.#core.front, connection, head, body, answer))
    return true
  }

  readonly #changeFlow = (): void => {
    const pauses = (this.#body?.isFull === true || (this.#bytes?.length ?? 0) > AHEAD_BYTES_MAX) && !this.#connection.ends
    if (pauses === this.#isPaused) return
    this.#isPaused = pauses
    if (pauses) this.#socket.pause()
    else this.#socket.resume()
  }

  /** The last answer is on its way. */
  finished(): void {
    this.#bytes = undefined
    if (this.#socket.writableLength > 0) this.#boundStall()
    this.#connection.end(nothing)
  }

  /** Who takes nothing of an answer that is on its way counts as gone after a time. Moving bytes begin it anew. */
  #boundStall(): void {
    if (this.#isStallBound) return
    this.#isStallBound = true
    this.#socket.setTimeout(this.#core.front.limits.stallMs, this.#onStall)
  }

  readonly #onStall = (): void => {
    if (!this.#connection.busy && this.#socket.writableLength > 0) this.#socket.destroy()
  }

  #handOver(bytes: Buffer): void {
    const socket = this.#socket
    socket.off('data', this.#onData).off('end', this.#onEnd).off('drain', this.#onDrain).off('error', ignore)
    socket.setTimeout(0, this.#onStall)
    this.#connection.feed = undefined
    this.#isNodes = true
    this.#bytes = this.#body = undefined
    // It does not flow before all that was read of it has been told.
    socket.pause()
    this.#core.toNode(socket)
    socket.emit('data', bytes)
    if (this.#callerEnded) socket.emit('end')
    socket.resume()
  }

  // ── Its time ──

  /** The wire looks, every so often: for so many looks a head is waited for, and a connection kept without a request. */
  look(headLooks: number, keptLooks: number): void {
    if (this.#connection.busy || this.#connection.ends || this.#socket.writableLength > 0) return
    this.#looks += 1
    if (this.#bytes === undefined && this.#isKept) {
      if (this.#looks > keptLooks) this.#socket.destroy()
    } else if (this.#looks > headLooks) {
      this.#core.breakOff(this.#socket, 'ERR_HTTP_REQUEST_TIMEOUT', this.#bytes)
    }
  }

  closed(): void {
    this.#body?.cutOff()
  }

  closeIfIdle(): void {
    if (!this.#connection.busy && this.#bytes === undefined && this.#socket.writableLength === 0) this.#socket.destroy()
  }
}

function ignore(): void {}

function nothing(): string {
  return ''
}
