/** What happens on the wire while money is held, through the whole program. */
import { createServer } from 'node:http'
import { connect, createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startGateway } from './program.ts'
import { createService, KEY, promised, startPaid, type Service } from '../fixtures/paid-program.ts'

const head = (path: string, framing: string): string => `POST /nexalayer${path} HTTP/1.1\r\nHost: a\r\nX-Api-Key: ${KEY}\r\nContent-Type: application/json\r\n${framing}\r\n\r\n`

function caller(port: number, text: string, allowHalfOpen = false): { readonly socket: Socket; readonly closed: Promise<string> } {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen })
  onTestFinished(() => void socket.destroy())
  let received = ''
  socket.on('data', (chunk) => (received += String(chunk))).on('error', () => undefined)
  socket.write(text)
  return { socket, closed: new Promise((resolve) => socket.once('close', () => resolve(received))) }
}

/** A service that speaks whatever the test says. */
async function speaking(talk: (socket: Socket, said: string) => void): Promise<Service> {
  const sockets = new Set<Socket>()
  const server = createTcpServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined).on('data', (chunk) => talk(socket, String(chunk)))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return { port: (server.address() as AddressInfo).port, seen: [], answerBy: () => undefined }
}

it('a service that says 100, 102 and 103 unasked is paid for its answer, and nothing stays held', async () => {
  const interim = 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n'
  const program = await startPaid(await speaking((socket) => void socket.write(`${interim}HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}`)))
  expect((await program.send('POST /v1/work')).status).toBe(200)
  expect(await program.money()).toEqual({ available: 490, held: 0 })
})

it('a caller who closes only its sending side gets what it pays for', async () => {
  const service = await createService()
  const asked = promised<() => void>()
  service.answerBy((_, response) => asked.resolve(() => response.end('{"ok":true}')))
  const program = await startPaid(service)
  const { socket, closed } = caller(program.gateway.port, head('/v1/work', 'Content-Length: 2'), true)
  const letter = new Promise((resolve) => socket.once('data', resolve))
  socket.end('{}')
  const answer = await asked.promise
  await letter
  answer()
  expect(await closed).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*\{"ok":true\}$/)
  expect(await program.money()).toEqual({ available: 490, held: 0 })
})

it.each([
  ['plain', 200],
  ['node', 400],
] as const)('listen.wire: %s reads by it: a handshake behind a request that is in flight gets %i', async (wire, status) => {
  const service = createServer((_, response) => void setTimeout(() => response.end('{}'), 20))
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void service.close().closeAllConnections())
  const apis = { a: { mount: '/', upstream: 'a', contract: 'problem', routes: [{ on: 'GET /x', public: true }] } }
  const gateway = await startGateway({ config: { listen: { port: 0, wire }, admin: { port: 0 }, store: 'memory', upstreams: { a: { url: `http://127.0.0.1:${(service.address() as AddressInfo).port}` } }, apis } })
  onTestFinished(() => gateway.close())
  const handshake = 'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n'
  const { closed } = caller(gateway.port, `GET /x HTTP/1.1\r\nHost: a\r\n\r\nGET /x HTTP/1.1\r\nHost: a\r\n${handshake}\r\n`)
  expect((await closed).match(/(?<=HTTP\/1\.1 )\d+/g)).toEqual(['200', String(status)])
})

describe('an upload that breaks off half-way', () => {
  it.each(['destroy', 'resetAndDestroy', 'end'] as const)('gives back at once what it holds (%s)', async (leave) => {
    const arrived = promised()
    const program = await startPaid(await speaking(() => arrived.resolve()))
    const { socket } = caller(program.gateway.port, `${head('/v1/work', 'Content-Length: 200000')}{`)
    await arrived.promise
    expect(await program.money()).toEqual({ available: 490, held: 10 })
    socket[leave]()
    await expect.poll(program.money).toEqual({ available: 500, held: 0 })
  })
})

it('an upload that its service answers before it has come is paid for as answered', async () => {
  const program = await startPaid(await speaking((socket) => void socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}')))
  const { closed } = caller(program.gateway.port, `${head('/v1/work', 'Content-Length: 200000')}{`)
  expect(await closed).toMatch(/^HTTP\/1\.1 200/)
  expect(await program.money()).toEqual({ available: 490, held: 0 })
})
