/**
 * An upstream's answer on its way to the caller. Of a body with a Content-Length the chunk with its last byte is kept until the call is settled; of a chunked
 * one only the terminator, so that no event of a stream is late. A body of known length that is short enough (`atOnceBytesMax`) waits whole, with its head.
 */
import type { CallerSide } from '../http/caller-side.ts'
import type { CrossingAnswer } from './hop-by-hop.ts'

/** `last`: kept until the end. `kept`: it goes out at once, later. `full`: the caller takes no more for now. */
export type Relayed = 'last' | 'kept' | 'went' | 'full' | HeadFault

/** The upstream's headers cannot be sent. */
export interface HeadFault {
  readonly error: unknown
}

export class AnswerRelay {
  readonly #caller: CallerSide
  readonly #status: number
  readonly #crossing: CrossingAnswer
  readonly #isBodyless: boolean
  #bytesLeft: number
  #lastChunk: Buffer | undefined
  /** Of an answer that goes out at once, all but its last chunk; undefined where each goes out as it comes. */
  #heldBack: Buffer[] | undefined
  #lineBreaks = 2
  #closes = false
  headSent = false
  bytesOut = 0

  constructor(caller: CallerSide, status: number, crossing: CrossingAnswer, isBodyless: boolean, atOnceBytesMax: number) {
    this.#caller = caller
    this.#status = status
    this.#crossing = crossing
    this.#isBodyless = isBodyless
    this.#bytesLeft = crossing.length
    if (crossing.length >= 0 && crossing.length <= atOnceBytesMax) this.#heldBack = []
  }

  pass(chunk: Buffer): Relayed {
    this.bytesOut += chunk.length
    if (this.#bytesLeft >= 0) {
      this.#bytesLeft -= chunk.length
      if (this.#bytesLeft <= 0) {
        this.#lastChunk = chunk
        return 'last'
      }
    }
    if (this.#heldBack !== undefined) {
      this.#heldBack.push(chunk)
      return 'kept'
    }
    const fault = this.headSent ? undefined : this.sendHead()
    if (fault !== undefined) return fault
    this.#lineBreaks = trailingLineBreaks(chunk)
    return this.#caller.sink.write(chunk) ? 'went' : 'full'
  }

  sendHead(): HeadFault | undefined {
    this.#closes = this.#caller.closes
    try {
      this.#caller.sink.writeHead(this.#status, this.#crossing.headers, this.#closes)
    } catch (error) {
      return { error }
    }
    this.headSent = true
    return undefined
  }

  /** Ahead of the body, where none of it has come along with the head. */
  flushHead(): HeadFault | undefined {
    if (this.headSent || this.#lastChunk !== undefined || this.#heldBack !== undefined) return undefined
    const fault = this.sendHead()
    if (fault === undefined) this.#caller.sink.flushHead()
    return fault
  }

  /** What was held back goes out after all, since no more will come of it. */
  letOut(): HeadFault | undefined {
    const held = this.#heldBack
    this.#heldBack = undefined
    if (held === undefined) return undefined
    const fault = this.sendHead()
    if (fault === undefined) for (const chunk of held) this.#caller.sink.write(chunk)
    return fault
  }

  /** It is settled: the rest of it, and its end. */
  finish(): void {
    const { sink } = this.#caller
    for (const chunk of this.#heldBack ?? []) sink.write(chunk)
    if (this.#isBodyless) sink.end()
    else sink.end(this.#lastChunk)
    this.#caller.leave(this.#closes)
  }

  /** It broke: the dialect's own frame says so and a clean end keeps what came before, or the caller sees a broken transfer. */
  breakOff(frame: string | undefined): void {
    const fits = this.#crossing.length < 0 && this.#crossing.identity
    if (frame === undefined || !fits) return this.cut()
    // An event that was cut in the middle must not swallow ours.
    this.#caller.sink.end('\n'.repeat(2 - this.#lineBreaks) + frame)
    this.#caller.leave(this.#closes)
  }

  /** An end without the mark of an end is seen to be broken; where there is no such mark, it takes a reset. */
  cut(): void {
    this.#caller.connection.cut(this.#crossing.length >= 0 || this.#caller.head.version === '1.1')
  }
}

/** How many of the last two bytes are line breaks: two end an event. */
function trailingLineBreaks(chunk: Buffer): number {
  if (chunk.at(-1) !== 10) return 0
  return chunk.at(-2) === 10 ? 2 : 1
}
