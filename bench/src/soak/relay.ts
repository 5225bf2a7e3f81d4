/** Between the gateway and one service: passes bytes on, or does to them what networks and dying services do. */
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** `down`: whoever connects is sent away. `slow`: answers come late. `cut`: an answer breaks off in its first bytes. */
export type WireFault = 'none' | 'down' | 'slow' | 'cut'

export interface Relay {
  readonly url: string
  suffer(fault: WireFault): void
  close(): Promise<void>
}

const LATE_MS = 400
const CUT_AFTER_BYTES = 60

export async function startRelay(targetPort: number): Promise<Relay> {
  let fault: WireFault = 'none'
  const sockets = new Set<Socket>()

  function pair(from: Socket): void {
    if (fault === 'down') return void from.destroy()
    const to = connect(targetPort, '127.0.0.1')
    for (const [one, other] of [[from, to], [to, from]] as const) {
      sockets.add(one)
      one.on('error', () => other.destroy())
      one.on('close', () => {
        sockets.delete(one)
        other.destroy()
      })
      one.on('end', () => other.end())
    }
    from.on('data', (bytes) => to.write(bytes))
    to.on('data', (bytes) => {
      if (fault === 'cut') {
        from.write(bytes.subarray(0, CUT_AFTER_BYTES))
        from.destroySoon()
      } else if (fault === 'slow') {
        to.pause()
        setTimeout(() => {
          from.write(bytes)
          to.resume()
        }, LATE_MS)
      } else from.write(bytes)
    })
  }

  const server = createServer({ allowHalfOpen: true }, pair)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    suffer(next) {
      fault = next
      if (next === 'down') for (const socket of sockets) socket.destroy()
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
