/**
 * Interim answers of a service (`100`, `102`, `103`) are taken out before undici sees them: any may come unasked (RFC 9110 section 15.2), and undici gives up
 * the connection at a `100` (nodejs/undici#201). `101` is no such answer: who has asked for it gets it.
 */
import type { Socket } from 'node:net'

/** A head that is longer is left to undici's own limit. */
const HEAD_BYTES_MAX = 16_384

const headEnd = Buffer.from('\r\n\r\n')

export class InterimAnswers {
  #expected = false
  #held: Buffer | undefined

  /** Whatever is read from the socket goes through here. */
  watch(socket: Socket): void {
    const read = socket.read.bind(socket)
    socket.read = (size?: number) => this.#pass(read(size))
  }

  /** A request goes out. Without one nothing is taken out: what comes unasked for breaks the connection. */
  expectAnswer(): void {
    this.#expected = true
    this.#held = undefined
  }

  /** No final answer has begun since. */
  get awaitsAnswer(): boolean {
    return this.#expected
  }

  #pass(chunk: Buffer | null): Buffer | null {
    if (!this.#expected || chunk === null) return chunk
    let bytes = this.#held === undefined ? chunk : Buffer.concat([this.#held, chunk])
    this.#held = undefined
    while (bytes.length > 0) {
      const isInterim = beginsInterim(bytes)
      const end = isInterim === true ? bytes.indexOf(headEnd) : -1
      if (isInterim === false || (end === -1 && bytes.length > HEAD_BYTES_MAX)) {
        this.#expected = false
        return bytes
      }
      if (end === -1) {
        this.#held = bytes
        return null
      }
      bytes = bytes.subarray(end + headEnd.length)
    }
    return null
  }
}

/** Undefined: too few bytes to tell. */
function beginsInterim(bytes: Buffer): boolean | undefined {
  const line = bytes.toString('latin1', 0, 12)
  if (line.length === 12) return /^HTTP\/1\.\d 1(?!01)\d\d$/.test(line)
  return 'HTTP/1.'.startsWith(line.slice(0, 7)) && /^(?:\d(?: (?:1\d?)?)?)?$/.test(line.slice(7)) ? undefined : false
}
