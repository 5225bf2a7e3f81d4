/**
 * The plain wire of a listener: it reads requests in their plain form by itself, and gives node:http the connections on which anything else comes.
 * What a request means, and what is answered, is the same for both (`exchange.ts`).
 */
import type { Socket } from 'node:net'
import { compact } from 'tollgate/contract'
import type { Connection } from '../connection.ts'
import type { FrontCore } from '../front-core.ts'
import type { UnreadPacket } from '../request-fault.ts'
import { AnswerLines } from './answer-lines.ts'
import type { PlainCore } from './plain-core.ts'
import { RequestReader } from './request-reader.ts'
import { LoopTurn } from './loop-turn.ts'

export interface PlainWireOptions {
  readonly front: FrontCore
  /** From now on node:http reads it. */
  readonly toNode: (socket: Socket) => void
  /** What follows cannot be read, or did not come. */
  readonly unreadable: (error: NodeJS.ErrnoException & UnreadPacket, socket: Socket) => void
}

export interface PlainWire {
  /** Reads the connection's requests from now on. */
  read(socket: Socket, connection: Connection): void
  /** The listener is closed: no connection is left. */
  stop(): void
}

/** As often as it needs to notice in time, within a quarter of it. */
const LOOK_EVERY_MS_MAX = 5_000

export function createPlainWire({ front, toNode, unreadable }: PlainWireOptions): PlainWire {
  const { headMs, keepAliveMs } = front.limits
  const readers = new Map<Socket, RequestReader>()
  const lookEveryMs = Math.min(LOOK_EVERY_MS_MAX, Math.ceil(Math.min(headMs, keepAliveMs) / 4))
  const looks = setInterval(() => {
    for (const reader of readers.values()) reader.look(headMs / lookEveryMs, keepAliveMs / lookEveryMs)
  }, lookEveryMs)
  looks.unref()

  const core: PlainCore = {
    front,
    lines: new AnswerLines(front.clock, keepAliveMs),
    turn: new LoopTurn(),
    toNode(socket) {
      readers.delete(socket)
      toNode(socket)
    },
    breakOff: (socket, code, rawPacket) => unreadable(Object.assign(new Error(faults[code]), compact({ code, bytesParsed: 0, rawPacket })), socket),
  }

  return {
    read(socket, connection) {
      const reader = new RequestReader(core, socket, connection)
      connection.feed = reader
      readers.set(socket, reader)
      socket.once('close', () => {
        readers.delete(socket)
        reader.closed()
      })
    },
    stop: () => clearInterval(looks),
  }
}

const faults = {
  HPE_INVALID_EOF_STATE: 'Parse Error: Invalid EOF state',
  ERR_HTTP_REQUEST_TIMEOUT: 'Request timeout',
}
