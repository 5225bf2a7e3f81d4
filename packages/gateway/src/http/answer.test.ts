import { createServer, request, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { expect, it } from 'vitest'
import { NodeAnswer } from './answer-sink.ts'
import { formatLastAnswer, writeAnswer } from './answer.ts'

const upgrade = { status: 426, headers: ['Content-Type', 'application/json', 'upgrade', 'websocket'], body: '{}' }

it('a protocol that is offered is an option of the connection too, which stays as it was', async () => {
  const server = createServer((_, response) => writeAnswer(new NodeAnswer(response), upgrade, { withoutBody: false, close: false })).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const [response] = (await once(request({ port: (server.address() as AddressInfo).port, headers: { Connection: 'keep-alive' } }).end(), 'response')) as [IncomingMessage]
  expect([response.statusCode, response.headers.upgrade, response.headers.connection]).toEqual([426, 'websocket', 'Upgrade'])
  response.resume()
  await once(response, 'end')
  await new Promise((resolve) => void server.close(resolve))
})

it('the last answer of a connection says both', () => {
  expect(formatLastAnswer(upgrade, false, 0)).toContain('\r\nConnection: Upgrade\r\n')
  for (const answer of [upgrade, { ...upgrade, headers: [] }]) expect(formatLastAnswer(answer, false, 0)).toContain('\r\nConnection: close\r\n')
})
