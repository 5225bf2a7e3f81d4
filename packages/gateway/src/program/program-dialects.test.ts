/** What is no request any more is refused in the dialect of the API under whose mount it stands. */
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startGateway, type RunningGateway } from './program.ts'

let gateway: RunningGateway
beforeAll(async () => {
  const api = (mount: string, contract: string) => ({ mount, contract, routes: [{ on: 'GET /m', public: true }] })
  gateway = await startGateway({
    config: { listen: { port: 0 }, admin: { port: 0, token: 'token-0123456789' }, store: 'memory', upstreams: { service: 'http://127.0.0.1:1' }, apis: { j: api('/j', 'jogg'), o: api('/o', 'openai') } },
  })
})
afterAll(() => gateway.close())

async function bodyOf(request: string): Promise<unknown> {
  const socket = connect({ port: gateway.port, host: '127.0.0.1' })
  socket.write(request, 'latin1')
  const answer = await text(socket)
  return JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4))
}

const host = 'Host: api.example\r\nConnection: close\r\n\r\n'
const jogg = { code: 40000, msg: expect.stringMatching(/^Parameter error: /) as string, data: null }
const openai = { error: { message: expect.any(String) as string, type: 'invalid_request_error' } }

it.each([
  'get /j/m HTTP/1.1',
  'Get /j/m?x=1 HTTP/1.1',
  'BREW /j/m HTTP/1.1',
  'X /j/m HTTP/1.1',
  'G(T /j/m HTTP/1.1',
  `${'A'.repeat(40)} /j/m HTTP/1.1`,
  'get http://api.example/j/m HTTP/1.1',
  'GET http://user:secret@other.example/j/m HTTP/1.1',
  'get /j/%zz HTTP/1.1',
  'get /j/\xff HTTP/1.1',
  'get  /j/m HTTP/1.1',
  'GET /j/m http/1.1',
  'GET /j/m HTTP/3.0',
  'PROPFIND /j/m HTTP/1.1',
  'TRACE /j/m HTTP/1.1',
  'CONNECT /j/m HTTP/1.1',
])('%s', async (line) => {
  expect(await bodyOf(`${line}\r\n${host}`)).toEqual(jogg)
  expect(await bodyOf(`${line.replace('/j/', '/o/')}\r\n${host}`)).toMatchObject(openai)
})

it('of no API, in the listener’s', async () => {
  expect(await bodyOf(`get /elsewhere HTTP/1.1\r\n${host}`)).toMatchObject({ type: 'urn:tollgate:problem:request-invalid', detail: expect.stringContaining('it does not begin with a method, in upper case') as string })
  expect(await bodyOf(`\x16\x03\x01 /j/m\r\n${host}`)).toMatchObject({ type: 'urn:tollgate:problem:request-invalid' })
})
