/** The way from one gateway to one server, which can be cut while the server lives: whatever is on it then is lost, in both directions. */
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

export interface CutWay {
  readonly port: number
  /** All connections of this moment break. Returns how many. */
  cut(): number
  close(): Promise<void>
}

export async function openCutWay(toPort: number): Promise<CutWay> {
  const pairs = new Set<readonly [near: Socket, far: Socket]>()
  const server = createServer({ noDelay: true }, (near) => {
    const far = connect({ port: toPort, host: '127.0.0.1', noDelay: true })
    const pair = [near, far] as const
    pairs.add(pair)
    const end = (): void => {
      pairs.delete(pair)
      near.destroy()
      far.destroy()
    }
    for (const socket of pair) socket.on('error', end).on('close', end)
    near.pipe(far)
    far.pipe(near)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')

  function cut(): number {
    const open = [...pairs]
    // As a cable that is pulled, seen from either end: no farewell.
    for (const [near, far] of open) {
      near.resetAndDestroy()
      far.resetAndDestroy()
    }
    return open.length
  }

  return {
    port: (server.address() as AddressInfo).port,
    cut,
    async close() {
      cut()
      server.close()
      await once(server, 'close')
    },
  }
}
