/** A WebSocket through the gateway: after the `101` two sockets are joined, bytes pass as they are, each side only as fast as the other one reads. */
import type { Duplex } from 'node:stream'
import { headerValues, type Admitted } from 'tollgate/gate'
import { afterOnMachine } from '../platform/system-clock.ts'
import type { CallerSide } from '../http/caller-side.ts'
import { toCallerHeaders } from './hop-by-hop.ts'

/** A caller that vanishes without a word is noticed by the system's own probes: a paid tunnel would keep its hold for ever. Undici probes its own side so. */
const PROBE_AFTER_MS = 60_000

/** A WebSocket does not live on half (RFC 6455 section 7.1.1), but not every service looks at its caller's end: so long it may still say something. */
const ENDING_MS = 5_000

/** In order, or by a side that broke. */
export type TunnelEnd = 'closed' | 'caller_broke' | 'upstream_broke'

export type TunnelEnded = (end: TunnelEnd, bytesIn: number, bytesOut: number) => void

export function openTunnel(exchange: CallerSide, upstream: Duplex, upstreamHeaders: readonly string[], admitted: Pick<Admitted, 'answerHeaders' | 'dropsAnswerHeader' | 'subprotocol'>, ended: TunnelEnded): void {
  const { connection, handshake } = exchange
  const { socket } = connection
  handshake?.takeSocket()
  socket.setKeepAlive(true, PROBE_AFTER_MS)
  if (handshake !== undefined && handshake.head.length > 0) socket.unshift(handshake.head)
  connection.tunnel = joinSockets(socket, upstream, ended)
  const { headers } = toCallerHeaders(101, upstreamHeaders, admitted.answerHeaders, admitted.dropsAnswerHeader)
  const selected = headerValues(headers, 'sec-websocket-protocol')
  if (admitted.subprotocol !== undefined && selected.length === 0) headers.push('Sec-WebSocket-Protocol', admitted.subprotocol)
  let head = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n'
  for (let at = 0; at + 1 < headers.length; at += 2) head += `${headers[at]}: ${headers[at + 1]}\r\n`
  socket.write(`${head}\r\n`, 'latin1')
}

function joinSockets(caller: Duplex, upstream: Duplex, ended: TunnelEnded): { close(): void } {
  let bytesIn = 0
  let bytesOut = 0
  let end: TunnelEnd | undefined
  let open = 2

  function pass(from: Duplex, to: Duplex, count: (bytes: number) => void, broke: TunnelEnd): void {
    from.on('data', (chunk: Buffer) => {
      count(chunk.length)
      if (to.writable && !to.write(chunk)) from.pause()
    })
    to.on('drain', () => from.resume())
    from.on('end', () => to.end(() => to.once('close', afterOnMachine(ENDING_MS, () => to.destroy()))))
    from.on('error', () => (end ??= broke))
    from.on('close', () => {
      // A side that closes without an end broke; the other one must not wait for more.
      if (!from.readableEnded) to.destroy()
      open -= 1
      if (open === 0) ended(end ?? 'closed', bytesIn, bytesOut)
    })
    from.resume()
  }

  pass(caller, upstream, (bytes) => (bytesIn += bytes), 'caller_broke')
  pass(upstream, caller, (bytes) => (bytesOut += bytes), 'upstream_broke')
  return {
    close() {
      caller.end()
      upstream.end()
    },
  }
}
