import type { BodyStream } from '../http/request-body.ts'

/** A request as it goes to a service. */
export interface OutgoingMessage {
  readonly method: string
  /** Origin-form, with its query. */
  readonly path: string
  /** Flat: name, value, name, value. What is said of its framing and its connection, the wire says. */
  readonly headers: string[]
  readonly body: Uint8Array | BodyStream | null
  readonly upgrade: string | null
}
