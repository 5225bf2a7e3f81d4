/**
 * Knows where in the frames of one side of a WebSocket its bytes stand (RFC 6455 section 5.2), so that something of our own can be said between two of them.
 * It looks at heads only and keeps nothing but what it needs of the one at hand. What no frame can be it gives up: the bytes pass all the same, but
 * nobody knows any more where they stand.
 */

/** `messages`: between two of them. `fragments`: between two frames of one message, where only a control frame may stand. `frame`: in the midst of one. */
export type FramePlace = 'messages' | 'fragments' | 'frame' | 'lost'

export interface FrameRules {
  /** What a client sends is masked, and what a server sends is not (RFC 6455 section 5.1). */
  readonly masked: boolean
  /** `permessage-deflate` marks what it has compressed (RFC 7692 section 6). */
  readonly compressed: boolean
}

const FIN = 0x80
const RSV1 = 0x40
const RSV2_AND_3 = 0x30
const CONTINUATION = 0x0
const BINARY = 0x2
const CLOSE = 0x8
const PONG = 0xa
/** Of a control frame; more cannot be in it. */
const CONTROL_BYTES_MAX = 125
const HEAD_BYTES_MAX = 14

export class FrameFollower {
  /** Whether a close has begun: nothing may follow it. */
  closes = false
  /** Whether it has come whole. */
  closed = false
  readonly #rules: FrameRules
  readonly #head = new Uint8Array(HEAD_BYTES_MAX)
  #headBytes = 0
  #payloadLeft = 0
  #fragmented = false
  #lost: boolean

  /** `lost`: it need not begin. */
  constructor(rules: FrameRules, lost = false) {
    this.#rules = rules
    this.#lost = lost
  }

  get place(): FramePlace {
    if (this.#lost) return 'lost'
    if (this.#headBytes > 0) return 'frame'
    return this.#fragmented ? 'fragments' : 'messages'
  }

  /** Goes through what comes next; with `untilMessages` no further than to the end of the message at hand. Returns how many bytes that are. */
  take(chunk: Uint8Array, untilMessages = false): number {
    let at = 0
    while (at < chunk.length && !this.#lost) {
      if (untilMessages && this.place === 'messages') return at
      if (this.#payloadLeft > 0) {
        const passed = Math.min(this.#payloadLeft, chunk.length - at)
        at += passed
        this.#payloadLeft -= passed
        if (this.#payloadLeft === 0) this.#frameEnded()
      } else {
        this.#head[this.#headBytes] = chunk[at] ?? 0
        this.#headBytes += 1
        at += 1
        this.#readHead()
      }
    }
    return this.#lost ? chunk.length : at
  }

  /** As far as it has come. */
  #readHead(): void {
    const [first = 0, second = 0] = this.#head
    if (this.#headBytes === 1) this.#lost = this.closes || !this.#mayBegin(first)
    if (this.#headBytes < 2 || this.#lost) return
    if (this.#headBytes === 2) this.#lost = (second & 0x80) !== (this.#rules.masked ? 0x80 : 0) || (isControl(first & 0xf) && (second & 0x7f) > CONTROL_BYTES_MAX)
    const length = second & 0x7f
    const extended = length === 127 ? 8 : length === 126 ? 2 : 0
    if (this.#lost || this.#headBytes < 2 + extended + (this.#rules.masked ? 4 : 0)) return
    const bytes = extended === 0 ? length : this.#numberAt(2, extended)
    // Beyond that numbers are no longer exact, and no frame ends.
    if (bytes > Number.MAX_SAFE_INTEGER) this.#lost = true
    else if (bytes === 0) this.#frameEnded()
    else this.#payloadLeft = bytes
    if ((first & 0xf) === CLOSE) this.closes = true
  }

  #mayBegin(first: number): boolean {
    const opcode = first & 0xf
    const isMarked = (first & RSV1) !== 0
    if ((first & RSV2_AND_3) !== 0 || (isMarked && (!this.#rules.compressed || opcode === CONTINUATION))) return false
    if (isControl(opcode)) return opcode <= PONG && (first & FIN) !== 0 && !isMarked
    return opcode <= BINARY && (opcode === CONTINUATION) === this.#fragmented
  }

  #numberAt(from: number, bytes: number): number {
    let number = 0
    for (let at = from; at < from + bytes; at += 1) number = number * 256 + (this.#head[at] ?? 0)
    return number
  }

  #frameEnded(): void {
    const [first = 0] = this.#head
    this.#headBytes = 0
    if ((first & 0xf) === CLOSE) this.closed = this.closes = true
    else if (!isControl(first & 0xf)) this.#fragmented = (first & FIN) === 0
  }
}

function isControl(opcode: number): boolean {
  return opcode >= CLOSE
}
