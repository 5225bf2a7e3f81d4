/**
 * One connection of a caller. Its requests take turns: a pipelined one starts when the one before it is answered, so one connection never
 * has two requests in flight, and whatever ends the connection (a parse error behind a good request) comes after the answers before it.
 */
import type { Socket } from 'node:net'
import type { BodyProblem } from 'tollgate/gate'
import { afterOnMachine } from '../platform/system-clock.ts'
import type { AnswerPlace } from './answer-sink.ts'
import { plainAddress } from './forwarded.ts'
import { CallerProbe } from './caller-probe.ts'

/** What reads a connection's requests one at a time, where node:http does not. */
export interface Feed {
  /** Something is read that was not looked at. */
  readonly hasMore: boolean
  /** The connection is free. */
  next(): void
  /** The last answer is on its way. */
  finished(): void
  closeIfIdle(): void
}

/** A request on a connection. */
export interface ConnectionTurn {
  readonly bodyArrived: boolean
  /** Of its `Content-Length`. */
  readonly bodyBytes: number
  readonly answerPlace: AnswerPlace
  start(): void
  /** The caller's connection is closed. */
  callerGone(): void
  /** The rest of the body will not come. */
  bodyBroken(problem: BodyProblem): void
  /** The caller's socket takes more again. */
  drained(): void
}

/** Reading stops while so many pipelined requests wait. */
const WAITING_MAX = 16

/**
 * A socket that is closed while its peer still sends is reset, and an answer on its way may be lost with it. So we close our side first and
 * listen so long for the peer to close its own.
 */
const LINGER_MS = 2_000

export class Connection {
  readonly socket: Socket
  /** The address at its other end. */
  readonly peer: string
  readonly #reset: (socket: Socket) => void
  readonly #waiting: ConnectionTurn[] = []
  #current: ConnectionTurn | undefined
  /** Between the head of the request that was read last and what follows it. */
  bodyBytesBefore = 0
  feed: Feed | undefined
  #lastWords: (() => string) | undefined
  #closing = false
  #pausing = false
  #cancelLinger: (() => void) | undefined
  /** Since the caller has closed its sending side: no request follows, but the answers are due. */
  #probe: CallerProbe | undefined
  /** Set while a WebSocket runs through. */
  tunnel: { close(): void } | undefined

  constructor(socket: Socket, reset = (each: Socket): void => void each.resetAndDestroy()) {
    this.socket = socket
    this.peer = plainAddress(socket.remoteAddress)
    this.#reset = reset
    socket.once('close', () => this.#closed())
    socket.once('end', () => this.#callerEnded())
    // Node closes by this after the last answer.
    socket.destroySoon = () => this.#linger()
  }

  get busy(): boolean {
    return this.#current !== undefined
  }

  /** Whether the next answer must be the last. */
  get closing(): boolean {
    return this.#closing || (this.#probe !== undefined && this.#waiting.length === 0 && this.feed?.hasMore !== true)
  }

  /** Whatever comes is not read any more. */
  get ends(): boolean {
    return this.#closing
  }

  enter(turn: ConnectionTurn): void {
    if (this.#closing) return
    this.bodyBytesBefore = turn.bodyBytes
    if (this.#current !== undefined) {
      this.#waiting.push(turn)
      if (this.#waiting.length >= WAITING_MAX) this.#pauseSoon()
      return
    }
    this.#current = turn
    turn.start()
  }

  /** `last`: the answer said that the connection ends. */
  leave(turn: ConnectionTurn, last: boolean): void {
    if (this.#current !== turn) return
    this.#current = undefined
    if (last) {
      this.#closing = true
      this.#waiting.length = 0
      this.feed?.finished()
      return
    }
    const next = this.#waiting.shift()
    if (next !== undefined) {
      if (this.#waiting.length === 0) this.socket.resume()
      this.#current = next
      next.start()
    } else if (this.#lastWords !== undefined) {
      this.end(this.#lastWords)
    } else {
      this.feed?.next()
    }
  }

  /** Its socket takes more again. */
  drained(): void {
    this.#current?.drained()
  }

  /** The parser cannot go on. What it was reading is lost: the body of a request, or a request that we never saw. */
  unreadable(problem: BodyProblem, lastWords: () => string): void {
    if (this.#closing || this.#lastWords !== undefined) return
    const newest = this.#waiting.at(-1) ?? this.#current
    if (newest !== undefined && !newest.bodyArrived) {
      this.#lastWords = () => ''
      newest.bodyBroken(problem)
    } else if (this.#current !== undefined) {
      this.#lastWords = lastWords
    } else {
      this.end(lastWords)
    }
  }

  /** Node has given the socket away and does nothing for it any more; the answers before this point are still written. */
  releasedByNode(lastWords: () => string): void {
    this.socket.on('drain', () => this.drained())
    this.unreadable('broken', lastWords)
  }

  /** Writes what is left to say and closes. */
  end(lastWords: () => string): void {
    this.#closing = true
    if (!this.socket.writable) return this.abandon()
    const words = lastWords()
    if (words !== '') this.socket.write(words)
    this.#linger()
  }

  /** Ends a broken answer so that the caller sees it broken: without a terminator where there would be one, otherwise by a reset. */
  cut(terminated: boolean): void {
    this.#closing = true
    if (terminated) this.#linger()
    else this.#reset(this.socket)
  }

  abandon(): void {
    this.socket.destroy()
    this.#closed()
  }

  /** Node's parser resumes the socket after each request, so a pause holds only once the parser is through with what it has. */
  #pauseSoon(): void {
    if (this.#pausing) return
    this.#pausing = true
    setImmediate(() => {
      this.#pausing = false
      if (this.#waiting.length >= WAITING_MAX) this.socket.pause()
    })
  }

  #linger(): void {
    if (this.#cancelLinger !== undefined || this.socket.destroyed) return
    this.#cancelLinger = () => undefined
    // What is still to be written takes as long as it is taken.
    this.socket.end(() => {
      if (!this.socket.destroyed) this.#cancelLinger = afterOnMachine(LINGER_MS, () => this.socket.destroy())
    })
    this.socket.resume()
  }

  #callerEnded(): void {
    // What it has said before may not have had its turn: over TLS both come at once.
    this.feed?.next()
    if (this.#current === undefined || this.tunnel !== undefined) return
    this.#probe = new CallerProbe(this.socket, () => this.#current?.answerPlace)
    this.#probe.begin()
  }

  #closed(): void {
    this.#closing = true
    this.#probe?.end()
    this.#cancelLinger?.()
    this.#waiting.length = 0
    const turn = this.#current
    this.#current = undefined
    turn?.callerGone()
  }
}
