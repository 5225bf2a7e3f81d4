import type { StoredAnswer } from '../../engine/calls/call-record.ts'

/** An answer that was given before, under its own request id. */
export interface Replay {
  readonly replayed: StoredAnswer
  readonly requestId: string
  /** Which every refusal has. */
  readonly reason?: undefined
}
