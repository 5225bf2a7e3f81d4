/** A WebSocket through the gateway: its `101` goes out, and two sockets are joined (`tunnel.ts`). */
import type { Duplex } from 'node:stream'
import { refuse } from 'tollgate/contract'
import { headerValues, type Admitted } from 'tollgate/gate'
import type { CallerSide } from '../http/caller-side.ts'
import { listElements } from '../http/request-head.ts'
import { toCallerHeaders } from './hop-by-hop.ts'
import { joinSockets, type Tunnel, type TunnelEnded, type TunnelWords } from './tunnel.ts'

/** A caller that vanishes without a word is noticed by the system's own probes: a paid tunnel would keep its hold for ever. Undici probes its own side so. */
const PROBE_AFTER_MS = 60_000

type SentAlong = Pick<Admitted, 'answerHeaders' | 'dropsAnswerHeader' | 'subprotocol' | 'webSocketEnd'>

export function openTunnel(exchange: CallerSide, upstream: Duplex, upstreamHeaders: readonly string[], admitted: SentAlong, ended: TunnelEnded): Tunnel {
  const { connection, handshake } = exchange
  const { socket } = connection
  handshake?.takeSocket()
  socket.setKeepAlive(true, PROBE_AFTER_MS)
  if (handshake !== undefined && handshake.head.length > 0) socket.unshift(handshake.head)
  const tunnel = joinSockets(socket, upstream, wordsOf(exchange, admitted, upstreamHeaders), ended)
  // It has ended in order, as far as its call is concerned.
  connection.tunnel = { close: () => tunnel.end({ kind: 'withdrawn', refusal: refuse('service.maintenance'), detail: 'the gateway stops' }, false) }
  const { headers } = toCallerHeaders(101, upstreamHeaders, admitted.answerHeaders, admitted.dropsAnswerHeader)
  const selected = headerValues(headers, 'sec-websocket-protocol')
  if (admitted.subprotocol !== undefined && selected.length === 0) headers.push('Sec-WebSocket-Protocol', admitted.subprotocol)
  let head = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n'
  for (let at = 0; at + 1 < headers.length; at += 2) head += `${headers[at]}: ${headers[at + 1]}\r\n`
  socket.write(`${head}\r\n`, 'latin1')
  return tunnel
}

function wordsOf({ core }: CallerSide, { webSocketEnd }: SentAlong, headers: readonly string[]): TunnelWords | undefined {
  if (webSocketEnd === undefined) return undefined
  const extensions = headerValues(headers, 'sec-websocket-extensions').flatMap(listElements).map((element) => element.split(';')[0]?.trim())
  // Another extension may have frames of its own.
  const isKnown = extensions.every((name) => name === 'permessage-deflate')
  const say: TunnelWords['say'] = (failure) => {
    try {
      return webSocketEnd(failure)
    } catch (error) {
      core.report(error)
      return undefined
    }
  }
  return { say, compressed: isKnown ? extensions.length > 0 : undefined }
}
