/** The outgoing half of a proxied call: its body, read whole or streamed, and the head under which it goes to the upstream. */
import type { Admitted, BodyProblem } from 'tollgate/gate'
import { BodyPatience } from '../http/body-patience.ts'
import type { CallerSide } from '../http/caller-side.ts'
import { forwardedHeaders } from '../http/forwarded.ts'
import type { OutgoingMessage } from './outgoing-message.ts'
import { toUpstreamHeaders, withoutContext, withoutNamed } from './hop-by-hop.ts'
import { outerPrefix } from './mounted-paths.ts'
import { BodyStream, type BodyReader } from '../http/request-body.ts'
import type { Upstream } from './upstream.ts'
import { withParameters } from './upstream-query.ts'

/** A request body that says it is no longer is sent in one piece: one write, and it can be sent again. */
const COLLECTED_BYTES_MAX = 65_536

/** RFC 9110 section 9.2.2: what may be sent twice. */
const idempotent = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'])

export class OutgoingRequest {
  readonly #caller: CallerSide
  readonly #admitted: Admitted
  readonly #patience: BodyPatience
  #body: Uint8Array | BodyStream | undefined
  /** Its body is asked for when it goes out, not before. */
  #streams = false

  constructor(caller: CallerSide, admitted: Admitted) {
    this.#caller = caller
    this.#admitted = admitted
    this.#patience = new BodyPatience(caller.core.limits, caller.core.clock, admitted.bodyPace)
  }

  /** Reads a body that is short. A promise only where something must be waited for. */
  prepare(): BodyProblem | 'ready' | Promise<BodyProblem | 'ready'> {
    const { body } = this.#caller
    const { bodyBytesMax } = this.#admitted
    if (this.#admitted.body !== undefined) this.#body = this.#admitted.body
    else if (!body.announced) this.#body = undefined
    else if ((body.length ?? 0) > bodyBytesMax) return 'too_large'
    else if (body.length !== undefined && body.length <= COLLECTED_BYTES_MAX) return this.#collect()
    else this.#streams = true
    return 'ready'
  }

  async #collect(): Promise<BodyProblem | 'ready'> {
    const { body, core } = this.#caller
    const read = await body.collect(this.#admitted.bodyBytesMax, this.#patience, core.clock)
    if (read.kind !== 'complete') return read.kind
    this.#body = read.bytes
    return 'ready'
  }

  /** It goes out: what streams is asked for now. */
  toDispatch(upstream: Upstream, reader: BodyReader): OutgoingMessage {
    const { head, body, handshake } = this.#caller
    if (this.#streams) this.#body = body.stream(this.#admitted.bodyBytesMax, reader)
    return {
      path: withParameters(`${upstream.basePath}${this.#admitted.target}`, upstream.options.query ?? []),
      method: head.method,
      headers: this.#headers(upstream),
      body: this.#body instanceof Uint8Array && this.#body.length === 0 ? null : (this.#body ?? null),
      upgrade: handshake === undefined ? null : 'websocket',
    }
  }

  #headers(upstream: Upstream): string[] {
    const { core, head, body, peer, trusted: peerTrusted } = this.#caller
    const { contextHeaders, takenOff, withheldHeaders } = this.#admitted
    const { headers: own = [], context = true } = upstream.options
    const trusted = peerTrusted && context
    const told = context ? forwardedHeaders(head, peer, trusted, core.scheme, `${outerPrefix(head, trusted)}${takenOff}`).concat(contextHeaders) : withoutContext(contextHeaders)
    const added = withoutNamed(own, told).concat(told)
    if (upstream.options.preserveHost === true && head.host !== undefined) added.push('host', head.host)
    // What is whole is counted by the wire; of a stream it must be told, or it sends chunks.
    if (this.#body instanceof BodyStream && body.length !== undefined) added.push('content-length', String(body.length))
    return toUpstreamHeaders(head, trusted, withheldHeaders, added)
  }

  get isRepeatable(): boolean {
    const { head, handshake } = this.#caller
    return !(this.#body instanceof BodyStream) && handshake === undefined && idempotent.has(head.method)
  }

  /** Nothing of it is still to come from the caller. */
  get isWhole(): boolean {
    return !(this.#body instanceof BodyStream) || this.#body.sent
  }

  /** It streamed, and has arrived whole. */
  get hasStreamed(): boolean {
    return this.#body instanceof BodyStream && this.#body.sent
  }

  /** Whether the next byte must come from the caller, not from the upstream. */
  get callerIsDue(): boolean {
    return this.#body instanceof BodyStream && !this.#body.sent && !this.#body.blocked
  }

  /** How long the caller's next byte is waited for; undefined: it need not come from the caller. */
  callerPatienceMs(): number | undefined {
    if (!(this.#body instanceof BodyStream)) return undefined
    if (this.callerIsDue) return this.#patience.forMs(this.#caller.body.bytesRead)
    this.#patience.rest()
    return undefined
  }

  letGo(): void {
    if (this.#body instanceof BodyStream) this.#body.destroy()
  }
}
