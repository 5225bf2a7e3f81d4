/** What the readers of one listener share. */
import type { Socket } from 'node:net'
import type { FrontCore } from '../front-core.ts'
import type { AnswerLines } from './answer-lines.ts'
import type { LoopTurn } from './loop-turn.ts'

export interface PlainCore {
  readonly front: FrontCore
  readonly lines: AnswerLines
  readonly turn: LoopTurn
  /** From now on node:http reads the connection. */
  toNode(socket: Socket): void
  /** What follows did not come. `bytes`: what there is of a head. */
  breakOff(socket: Socket, code: 'HPE_INVALID_EOF_STATE' | 'ERR_HTTP_REQUEST_TIMEOUT', bytes: Buffer | undefined): void
}
