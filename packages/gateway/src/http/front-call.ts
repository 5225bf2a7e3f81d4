/** A request as the gate sees it, without what only this side must know. */
import type { BodyPace, BodyRead, IncomingCall } from 'tollgate/gate'
import { BodyPatience } from './body-patience.ts'
import type { ListenerCore } from './caller-side.ts'
import type { RequestBody } from './request-body.ts'
import type { RequestHead } from './request-head.ts'

export class FrontCall implements IncomingCall {
  readonly method: string
  readonly target: string
  readonly headers: readonly string[]
  readonly remoteAddress: string
  readonly hasBody: boolean
  readonly #core: ListenerCore
  readonly #body: RequestBody

  /** `target`: in origin-form. */
  constructor(core: ListenerCore, head: RequestHead, body: RequestBody, target: string, remoteAddress: string) {
    this.method = head.method
    this.target = target
    this.headers = head.headers
    this.remoteAddress = remoteAddress
    this.hasBody = head.hasBody
    this.#core = core
    this.#body = body
  }

  readBody(bytesMax: number, pace?: BodyPace): Promise<BodyRead> {
    const { limits, clock } = this.#core
    return this.#body.collect(bytesMax, new BodyPatience(limits, clock, pace), clock)
  }
}
