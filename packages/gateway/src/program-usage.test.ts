/** Calls that are priced by what their answer says was used, through the whole program: who leaves pays for the work all the same. */
import type { ServerResponse } from 'node:http'
import { describe, expect, it } from 'vitest'
import { createService, promised, startPaid, type PaidProgram } from './fixtures/paid-program.ts'

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
