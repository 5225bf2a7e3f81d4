/** For tests: a way to a server that can be cut, before what was sent arrives or before it is answered. */
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

export interface Relay {
  readonly port: number
  /** The next bytes that hold this text never arrive, or are never answered, and the connection is gone. `answer`: when this would be answered, and nothing until then. */
  cutAt(text: string, when: 'before' | 'after', answer?: string): void
  /** How often bytes with this text went on to the server. */
  passed(text: string): number
  close(): Promise<void>
}

export async function startRelay(toPort: number, port = 0): Promise<Relay> {
  const sockets = new Set<Socket>()
  const sent: string[] = []
  let cut: { readonly text: string; readonly when: 'before' | 'after'; readonly answer: string } | undefined
  const server = createServer((near) => {
    const far = connect(toPort, '127.0.0.1')
    let isCut = false
    let endsAt = ''
    let answered = ''
    const end = (): void => {
      near.destroy()
      far.destroy()
    }
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('error', end)
      socket.on('close', end)
    }
    near.on('data', (bytes) => {
      const text = bytes.toString('latin1')
      const meets = cut !== undefined && text.includes(cut.text)
      if (meets && cut?.when === 'before') {
        cut = undefined
        return end()
      }
      if (meets) {
        isCut = true
        endsAt = cut?.answer ?? ''
        cut = undefined
      }
      sent.push(text)
      far.write(bytes)
    })
    far.on('data', (bytes) => {
      if (!isCut) return void near.write(bytes)
      answered += bytes.toString('latin1')
      if (answered.includes(endsAt)) end()
    })
  }).listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    cutAt(text, when, answer = '') {
      cut = { text, when, answer }
    },
    passed: (text) => sent.filter((each) => each.includes(text)).length,
    async close() {
      for (const socket of sockets) socket.destroy()
      if (!server.listening) return
      server.close()
      await once(server, 'close')
    },
  }
}
