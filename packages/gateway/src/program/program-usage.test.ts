/** Calls that are priced by what their answer says was used, through the whole program: who leaves pays for the work all the same. */
import type { ServerResponse } from 'node:http'
import { brotliCompressSync, createGzip, deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { createService, KEY, promised, startPaid, type PaidProgram } from '../fixtures/paid-program.ts'
import { parseAnswer, rawCall } from '../proxy/fixtures/loopback.ts'

const events = { 'content-type': 'text/event-stream' }
const tenEvents = 'data: {"text":"word"}\n\n'.repeat(10)

interface Chat {
  readonly program: PaidProgram
  /** The next call that has reached the service. */
  asked(): Promise<ServerResponse>
}

async function createChat(): Promise<Chat> {
  const service = await createService()
  let asked = promised<ServerResponse>()
  service.answerBy((_, response) => asked.resolve(response))
  return {
    program: await startPaid(service),
    async asked() {
      const response = await asked.promise
      asked = promised()
      return response
    },
  }
}

/** A caller who is gone, as the gateway knows: it has served another one since. `first`: after it has seen so much. */
async function leave({ program, asked }: Chat, on: string, first?: string): Promise<ServerResponse> {
  const leaving = new AbortController()
  const call = program.send(on, { signal: leaving.signal })
  const response = await asked()
  if (first !== undefined) {
    response.writeHead(200, events).write(first)
    await (await call).body?.getReader().read()
  }
  leaving.abort()
  await call.then((answer) => answer.text()).catch(() => undefined)
  const other = program.send('GET /v1/balance')
  ;(await asked()).end('{}')
  await other
  return response
}

describe('a caller who leaves a stream that is priced by usage', () => {
  it.each<[string, string, string, number]>([
    ['before its head, and it never says what was used: each event', 'POST /v1/chat', tenEvents, 10],
    ['before its head, and it says what was used', 'POST /v1/chat', `${tenEvents}data: {"usage":{"tokens":25}}\n\n`, 25],
    ['before its head, where no event has a price', 'POST /v1/chat/figures', `${tenEvents}data: {"usage":{"tokens":25}}\n\n`, 25],
    ['before its head, where no event has a price and no figures come: all that is held', 'POST /v1/chat/figures', tenEvents, 50],
  ])('%s', async (_, on, stream, units) => {
    const chat = await createChat()
    const response = await leave(chat, on)
    response.writeHead(200, events).end(stream)
    await expect.poll(chat.program.money).toEqual({ available: 500 - units, held: 0 })
  })

  it('after its head and before its first event pays for what comes', async () => {
    const chat = await createChat()
    const response = await leave(chat, 'POST /v1/chat', ': thinking\n\n')
    response.end(`${tenEvents}data: {"usage":{"tokens":25}}\n\n`)
    await expect.poll(chat.program.money).toEqual({ available: 475, held: 0 })
  })

  it('after its first events stops it, and pays for these', async () => {
    const chat = await createChat()
    const response = await leave(chat, 'POST /v1/chat', tenEvents)
    await new Promise((resolve) => (response.destroyed ? resolve(undefined) : response.once('close', resolve)))
    await expect.poll(chat.program.money).toEqual({ available: 490, held: 0 })
  })

  it('before a stream that the service breaks off before its first event pays nothing', async () => {
    const chat = await createChat()
    const response = await leave(chat, 'POST /v1/chat')
    response.writeHead(200, events).write(': thinking\n\n', () => response.destroy())
    await expect.poll(chat.program.money).toEqual({ available: 500, held: 0 })
  })
})

describe('a service that compresses although it is not asked to', () => {
  const json = { 'content-type': 'application/json' }
  const said = JSON.stringify({ usage: { tokens: 25 } })

  async function answering(status: number, headers: Record<string, string>, body: Buffer) {
    const service = await createService()
    service.answerBy((_, response) => response.writeHead(status, headers).end(body))
    return startPaid(service)
  }

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ] as const)('%s: what was used is read all the same, and the answer passes as it is', async (coding, compress) => {
    const program = await answering(200, { ...json, 'content-encoding': coding }, compress(said))
    const answer = await program.send('POST /v1/chat')
    expect([answer.headers.get('content-encoding'), await answer.json()]).toEqual([coding, JSON.parse(said)])
    expect(await program.money()).toEqual({ available: 475, held: 0 })
  })

  it('is read in a stream, and the events of one that is left are', async () => {
    const chat = await createChat()
    const answer = chat.program.send('POST /v1/chat')
    const response = await chat.asked()
    const gzip = createGzip()
    gzip.pipe(response.writeHead(200, { ...events, 'content-encoding': 'gzip' }))
    gzip.write(tenEvents)
    gzip.flush()
    gzip.end('data: {"usage":{"tokens":30}}\n\n')
    expect(await (await answer).text()).toContain('"tokens":30')
    expect(await chat.program.money()).toEqual({ available: 470, held: 0 })
  })

  it.each([
    ['in a way that nobody knows', 'exi', Buffer.from('??'), 'is compressed (exi) and cannot be read, though it was asked for uncompressed'],
    ['and says what is not true', 'gzip', Buffer.from(said), 'is compressed (gzip) and cannot be read, though it was asked for uncompressed'],
  ])('%s costs all that is held, and the alert says why', async (_, coding, body, why) => {
    const program = await answering(200, { ...json, 'content-encoding': coding }, body)
    // Not by `fetch`, which decompresses, and may wait for ever for the end of what is not compressed as it says.
    const asked = `POST /nexalayer/v1/chat HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX-Api-Key: ${KEY}\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}`
    const answer = parseAnswer(await rawCall(Number(new URL(program.gateway.url).port), asked).closed)
    expect([answer.status, answer.headers['content-encoding'], answer.body]).toEqual([200, coding, expect.stringContaining(String(body))])
    expect(await program.money()).toEqual({ available: 450, held: 0 })
    const { adminUrl, adminToken } = program.gateway
    const status = (await (await fetch(`${adminUrl}/v1/status`, { headers: { authorization: `Bearer ${adminToken}` } })).json()) as { readonly alerts: unknown }
    expect(status.alerts).toMatchObject([{ message: `the answer ${why}, so that what was used is not known; all that was held is charged` }])
  })

  it('has its refusals read, and its answers kept for whoever repeats the call and can read no compression', async () => {
    const problem = { 'content-type': 'application/problem+json', 'content-encoding': 'gzip' }
    const refusing = await answering(409, problem, gzipSync(JSON.stringify({ reason: 'field.invalid', field: 'seed' })))
    expect(await (await refusing.send('POST /v1/chat')).json()).toMatchObject({ error: { details: { field: 'seed' } } })

    const keeping = await answering(200, { ...json, 'content-encoding': 'gzip' }, gzipSync(said))
    const keyed = { headers: { 'idempotency-key': 'one', 'accept-encoding': 'identity' } }
    await (await keeping.send('POST /v1/keyed', keyed)).arrayBuffer()
    const repeated = await keeping.send('POST /v1/keyed', keyed)
    expect([repeated.headers.get('idempotent-replayed'), repeated.headers.get('content-encoding'), await repeated.text()]).toEqual(['true', null, said])
  })
})
