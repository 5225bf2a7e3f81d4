/** A request's body of known length, as the plain wire reads it. What nobody takes rests here, and above a measure its connection is not read further. */
import type { BodySource } from '../body-source.ts'

/** So much may rest. */
const RESTING_BYTES_MAX = 65_536

export class PlainBody implements BodySource {
  readonly #flowChanged: () => void
  #bytesToCome: number
  #resting: Buffer[] = []
  #bytesResting = 0
  #onData: ((chunk: Buffer) => void) | undefined
  #onEnd: (() => void) | undefined
  #isPaused = false
  #isDiscarded = false
  taken = false

  constructor(length: number, flowChanged: () => void) {
    this.#bytesToCome = length
    this.#flowChanged = flowChanged
  }

  get complete(): boolean {
    return this.#bytesToCome === 0
  }

  /** The wire must not read further. */
  get isFull(): boolean {
    return this.#bytesResting > RESTING_BYTES_MAX
  }

  /** Takes of what was read from the wire what belongs to it, and says how many bytes that is. */
  push(bytes: Buffer): number {
    const chunk = bytes.length > this.#bytesToCome ? bytes.subarray(0, this.#bytesToCome) : bytes
    this.#bytesToCome -= chunk.length
    if (!this.#isDiscarded && chunk.length > 0) {
      this.#resting.push(chunk)
      this.#bytesResting += chunk.length
      this.#flow()
      if (this.isFull) this.#flowChanged()
    }
    if (this.complete && this.#isDiscarded) this.#onEnd?.()
    return chunk.length
  }

  /** No more of it comes: whoever waits for it to be read away waits no longer. */
  cutOff(): void {
    if (this.#isDiscarded && !this.complete) this.#onEnd?.()
  }

  // ── For who takes it ──

  /** Who has sent it whole waits for no word. */
  invite(): void {}

  whole(): Buffer | undefined {
    if (!this.complete || this.#onData !== undefined) return undefined
    const [first = Buffer.alloc(0), ...more] = this.#resting
    this.#empty()
    this.taken = true
    return more.length === 0 ? first : Buffer.concat([first, ...more])
  }

  listen(onData: (chunk: Buffer) => void, onEnd: () => void): void {
    this.#onData = onData
    this.#onEnd = onEnd
    this.resume()
  }

  unlisten(): void {
    this.#onData = this.#onEnd = undefined
  }

  pause(): void {
    this.#isPaused = true
  }

  resume(): void {
    this.#isPaused = false
    process.nextTick(flow, this)
  }

  discard(done: () => void): void {
    this.unlisten()
    this.#isDiscarded = true
    this.#empty()
    if (this.complete) return done()
    this.#onEnd = done
  }

  /** Gives on what rests, as long as it is taken. */
  flow(): void {
    this.#flow()
  }

  #flow(): void {
    const wasFull = this.isFull
    while (this.#onData !== undefined && !this.#isPaused) {
      const chunk = this.#resting.shift()
      if (chunk === undefined) break
      this.#bytesResting -= chunk.length
      this.#onData(chunk)
    }
    if (wasFull && !this.isFull) this.#flowChanged()
    const isAtEnd = this.complete && this.#resting.length === 0 && !this.taken
    if (!isAtEnd || this.#onEnd === undefined || this.#isPaused || this.#isDiscarded) return
    this.taken = true
    this.#onEnd()
  }

  #empty(): void {
    const wasFull = this.isFull
    this.#resting = []
    this.#bytesResting = 0
    if (wasFull) this.#flowChanged()
  }
}

function flow(body: PlainBody): void {
  body.flow()
}

/** Of a request without one. */
export const noBody: BodySource = {
  complete: true,
  taken: true,
  invite() {},
  whole: () => Buffer.alloc(0),
  listen(_, onEnd) {
    process.nextTick(onEnd)
  },
  unlisten() {},
  pause() {},
  resume() {},
  discard: (done) => done(),
}
