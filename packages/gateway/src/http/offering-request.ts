/** A request as node:http makes it, which offers an upgrade only where it asks for a WebSocket. */
import { IncomingMessage } from 'node:http'
import { offersWebSocket } from './websocket-offer.ts'

/**
 * Node hands every connection that offers an upgrade to the listener of `upgrade` as a bare socket, if there is one. With this it does so for
 * WebSockets only; a request that offers `h2c` beside its HTTP/1.1 (Java's client does so by default) stays an ordinary request.
 */
export class OfferingRequest extends IncomingMessage {
  offersUpgrade: unknown

  get upgrade(): boolean {
    return this.offersUpgrade === true && (this.method === 'CONNECT' || offersWebSocket(this))
  }

  set upgrade(value: unknown) {
    this.offersUpgrade = value
  }
}
