import type { StoredAnswer } from '../../engine/calls/call-record.ts'

/** An answer that was given before, under its own request id. */
export interface Replay {
  readonly kind: 'replay'
  readonly replayed: StoredAnswer
  readonly requestId: string
}
