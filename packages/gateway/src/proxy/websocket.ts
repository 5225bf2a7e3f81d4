/** Two sockets joined: after a `101` the gateway passes bytes on as they are, in both directions, each as fast as the other side reads. */
import type { Duplex } from 'node:stream'

/** How it ended: in order, or by a side that broke. */
export type TunnelEnd = 'closed' | 'caller_broke' | 'upstream_broke'

export interface Tunnel {
  readonly bytesIn: number
  readonly bytesOut: number
  /** Closes both sides in order. */
  close(): void
}

export function joinSockets(caller: Duplex, upstream: Duplex, ended: (how: TunnelEnd, tunnel: Tunnel) => void): Tunnel {
  let how: TunnelEnd | undefined
  let open = 2
  const tunnel = {
    bytesIn: 0,
    bytesOut: 0,
    close: (): void => {
      caller.end()
      upstream.end()
    },
  }

  const pass = (from: Duplex, to: Duplex, count: (bytes: number) => void, broke: TunnelEnd): void => {
    from.on('data', (chunk: Buffer) => {
      count(chunk.length)
      if (!to.writable) return
      if (!to.write(chunk)) from.pause()
    })
    to.on('drain', () => from.resume())
    from.on('end', () => to.end())
    from.on('error', () => (how ??= broke))
    from.on('close', () => {
      // A side that closed without an end broke, and the other one must not wait for it.
      if (!from.readableEnded) to.destroy()
      open -= 1
      if (open === 0) ended(how ?? 'closed', tunnel)
    })
    from.resume()
  }

  pass(caller, upstream, (bytes) => (tunnel.bytesIn += bytes), 'caller_broke')
  pass(upstream, caller, (bytes) => (tunnel.bytesOut += bytes), 'upstream_broke')
  return tunnel
}
