/**
 * One turn of the event loop, for all connections of a listener, in three steps: what has come is read from each socket, then it is worked on, then what there is to
 * say is written to each. One connection after the other instead, code of the kernel and of the gate would drive each other out of the processor's caches, and each
 * write would wake up who waits at the other end, and has fallen asleep again when the next one comes.
 */
import type { Socket } from 'node:net'

/** More answers do not wait for each other: those that are there first shall not be late for the rest of a large turn. */
const TOGETHER_MAX = 16

/** Who has read something. */
export interface TurnReader {
  next(): void
}

export class LoopTurn {
  #readers: TurnReader[] = []
  #held: Socket[] = []
  #isDue = false

  /** Its turn to work on what it has read comes when all has been read that is there by now. */
  queue(reader: TurnReader): void {
    this.#readers.push(reader)
    this.#becomeDue()
  }

  /** What is written to the socket stays in its own buffer to the end of the turn. */
  hold(socket: Socket): void {
    if (socket.writableCorked > 0) return
    socket.cork()
    this.#held.push(socket)
    if (this.#held.length === TOGETHER_MAX) this.#letGo()
    else this.#becomeDue()
  }

  #becomeDue(): void {
    if (this.#isDue) return
    this.#isDue = true
    setImmediate(end, this)
  }

  end(): void {
    const readers = this.#readers
    this.#readers = []
    try {
      for (const reader of readers) reader.next()
    } finally {
      this.#letGo()
      this.#isDue = false
    }
  }

  #letGo(): void {
    const held = this.#held
    this.#held = []
    for (const socket of held) socket.uncork()
  }
}

function end(turn: LoopTurn): void {
  turn.end()
}
