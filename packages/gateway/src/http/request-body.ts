/**
 * A request's body: asked for only when somebody wants it (`Expect: 100-continue` is answered then, not before), read whole or as a
 * stream, never further than its limit. What is left unread is the connection's matter.
 */
import { Readable } from 'node:stream'
import type { Clock } from 'tollgate/engine'
import type { BodyProblem, BodyRead } from 'tollgate/gate'
import type { BodyPatience } from './body-patience.ts'
import type { BodySource } from './body-source.ts'
import { Deadline } from './deadline.ts'
import type { RequestHead } from './request-head.ts'

/** Who streams a body upstream is told of its way. */
export interface BodyReader {
  /** A chunk came, or the upstream takes chunks again. */
  onBodyProgress(): void
  onBodyEnd(): void
  onBodyProblem(problem: BodyProblem): void
}

/** An answer may leave so much of a body unread that the connection is not worth reading it away. */
const LEFTOVER_BYTES_MAX = 65_536

/** And so long it is read away. */
const LEFTOVER_MS = 10_000

export class RequestBody {
  readonly #source: BodySource
  readonly announced: boolean
  /** Undefined: chunked. */
  readonly length: number | undefined
  bytesRead = 0
  #awaitsInvitation: boolean
  #broken: BodyProblem | undefined
  #onBroken: ((problem: BodyProblem) => void) | undefined

  constructor(source: BodySource, head: RequestHead) {
    this.#source = source
    this.announced = head.hasBody
    this.length = head.transferEncoding === undefined ? (head.contentLength ?? 0) : undefined
    this.#awaitsInvitation = this.announced && head.expect !== undefined && head.version === '1.1'
  }

  /** Whether the wire has seen its end. */
  get arrived(): boolean {
    return !this.announced || this.#source.complete
  }

  /** Whether nothing but this body can follow on the connection, and not soon. */
  get blocksConnection(): boolean {
    if (this.arrived) return false
    return this.#broken !== undefined || this.#awaitsInvitation || this.length === undefined || this.length - this.bytesRead > LEFTOVER_BYTES_MAX
  }

  /** The wire or its clock gave up on it. */
  break(problem: BodyProblem): void {
    this.#broken = problem
    this.#onBroken?.(problem)
  }

  /** It did not come in time, and is not waited for to keep its connection either. */
  giveUp(): void {
    this.#broken ??= 'timeout'
  }

  /** Reads away what nobody wants. */
  discard(clock: Clock, late: () => void): void {
    this.#onBroken = undefined
    if (!this.announced || this.#source.taken) return
    const cancel = this.arrived ? undefined : clock.after(LEFTOVER_MS, late)
    this.#source.discard(() => cancel?.())
  }

  /** Resolves for every outcome. `aborted` when the caller went away: its connection says so by `break`. */
  collect(bytesMax: number, patience: BodyPatience, clock: Clock): Promise<BodyRead> {
    if (!this.announced) return Promise.resolve({ kind: 'complete', bytes: new Uint8Array(0) })
    if (this.#broken !== undefined) return Promise.resolve({ kind: this.#broken })
    if (this.length !== undefined && this.length > bytesMax) return Promise.resolve({ kind: 'too_large' })
    this.#invite()
    const whole = this.#source.whole()
    if (whole !== undefined) {
      this.bytesRead += whole.length
      return Promise.resolve({ kind: 'complete', bytes: whole })
    }
    return new Promise((resolve) => {
      const chunks: Buffer[] = []
      const deadline = new Deadline(clock, () => {
        this.giveUp()
        settle({ kind: 'timeout' })
      })
      const settle = (read: BodyRead): void => {
        deadline.clear()
        this.#onBroken = undefined
        this.#source.unlisten()
        resolve(read)
      }
      const onData = (chunk: Buffer): void => {
        this.bytesRead += chunk.length
        if (this.bytesRead > bytesMax) return settle({ kind: 'too_large' })
        chunks.push(chunk)
        deadline.set(patience.forMs(this.bytesRead))
      }
      const onEnd = (): void => settle({ kind: 'complete', bytes: chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks) })
      this.#onBroken = (problem) => settle({ kind: problem })
      deadline.set(patience.forMs(0))
      this.#source.listen(onData, onEnd)
    })
  }

  /** For undici, which destroys the stream when it is done with it; the caller's connection must outlive that, so it never gets the request itself. */
  stream(bytesMax: number, reader: BodyReader): BodyStream {
    this.#invite()
    this.#onBroken = (problem) => reader.onBodyProblem(problem)
    const broken = this.#broken
    if (broken !== undefined) process.nextTick(() => reader.onBodyProblem(broken))
    return new BodyStream(this.#source, reader, (chunk) => {
      this.bytesRead += chunk.length
      return this.bytesRead <= bytesMax
    })
  }

  #invite(): void {
    if (!this.#awaitsInvitation) return
    this.#awaitsInvitation = false
    this.#source.invite()
  }
}

export class BodyStream extends Readable {
  readonly #source: BodySource
  readonly #onData: (chunk: Buffer) => void
  readonly #onEnd: () => void
  readonly #reader: BodyReader
  #flowing = false
  /** The upstream does not take what the caller sends. */
  blocked = false
  sent = false

  constructor(source: BodySource, reader: BodyReader, fits: (chunk: Buffer) => boolean) {
    super({ highWaterMark: 65_536 })
    this.#source = source
    this.#reader = reader
    this.#onData = (chunk) => {
      if (!fits(chunk)) {
        source.pause()
        return reader.onBodyProblem('too_large')
      }
      this.blocked = !this.push(chunk)
      if (this.blocked) source.pause()
      reader.onBodyProgress()
    }
    this.#onEnd = () => {
      this.sent = true
      this.push(null)
      reader.onBodyEnd()
    }
  }

  override _read(): void {
    if (!this.#flowing) {
      this.#flowing = true
      this.#source.listen(this.#onData, this.#onEnd)
      return
    }
    if (!this.blocked) return
    this.blocked = false
    this.#source.resume()
    this.#reader.onBodyProgress()
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    if (!this.sent) this.#source.unlisten()
    done(error)
  }
}
