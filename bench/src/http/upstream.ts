/** The service behind the gateways: 1 KB of JSON for each request without a body, at the least cost that Node allows, so that it is never what is measured. */
import { createServer } from 'node:net'
import { listening, type Serving } from './serving.ts'

export const upstreamBody = JSON.stringify({ success: true, data: { id: 'item_1', text: 'All is well. '.repeat(73) } }).padEnd(1_024)

const answer = Buffer.from(
  `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(upstreamBody)}\r\n\r\n${upstreamBody}`,
)
const headEnd = Buffer.from('\r\n\r\n')

export async function startUpstream(): Promise<Serving> {
  const server = createServer({ noDelay: true }, (socket) => {
    let rest = Buffer.alloc(0)
    socket.on('data', (chunk) => {
      rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
      for (let at = rest.indexOf(headEnd); at !== -1; at = rest.indexOf(headEnd)) {
        socket.write(answer)
        rest = rest.subarray(at + headEnd.length)
      }
    })
    socket.on('error', () => socket.destroy())
  })
  return listening(server)
}
