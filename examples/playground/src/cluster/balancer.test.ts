import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createBalancer, type Balancer } from './balancer.ts'

type Mood = 'ready' | 'stopping' | 'dies'

/** A gateway that a test plays: in what mood it is, and whom it has heard. */
class Played {
  mood: Mood = 'ready'
  readonly heard: string[] = []
  readonly server: Server
  readonly name: string

  constructor(name: string) {
    this.name = name
    this.server = createServer((request, response) => {
      if (request.url === '/readyz') return response.writeHead(this.mood === 'ready' ? 200 : 503).end()
      this.heard.push(`${request.method} ${request.url}`)
      if (this.mood === 'dies') return request.socket.destroy()
      response.end(this.name)
    })
  }

  async listen(port = 0): Promise<number> {
    await new Promise<void>((resolve) => void this.server.listen(port, '127.0.0.1', resolve))
    return (this.server.address() as AddressInfo).port
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => resolve())
      this.server.closeAllConnections()
    })
  }
}

let one: Played
let other: Played
let balancer: Balancer

beforeEach(async () => {
  ;[one, other] = [new Played('one'), new Played('other')]
  const backends = await Promise.all([one, other].map(async (each) => ({ name: each.name, url: `http://127.0.0.1:${await each.listen()}` })))
  balancer = await createBalancer({ port: 0, backends })
})

afterEach(() => Promise.all([balancer.close(), one.close(), other.close()]))

const get = async (init?: RequestInit): Promise<string> => {
  const answer = await fetch(`${balancer.url}/v1/x`, init)
  return answer.ok ? answer.text() : String(answer.status)
}
const readiness = (): readonly boolean[] => balancer.states().map(({ isReady }) => isReady)

it('takes turns', async () => {
  const heard = [await get(), await get(), await get(), await get()]
  expect(heard.toSorted()).toEqual(['one', 'one', 'other', 'other'])
})

it('sends nothing to one that is about to stop', async () => {
  one.mood = 'stopping'
  await expect.poll(readiness).toEqual([false, true])
  expect(new Set([await get(), await get(), await get()])).toEqual(new Set(['other']))
})

it('sends to another what never reached one that is gone, whatever it is', async () => {
  await one.close()
  for (let count = 0; count < 4; count += 1) expect(await get({ method: 'POST', body: '{}' })).toBe('other')
})

it('sends again what may be sent twice, and never what may not', async () => {
  one.mood = 'dies'
  const all = []
  for (let count = 0; count < 3; count += 1) all.push(await get(), await get({ method: 'POST', body: '{}', headers: { 'Idempotency-Key': `k${count}` } }))
  expect(new Set(all)).toEqual(new Set(['other']))
  one.heard.length = 0
  other.heard.length = 0
  const posts = []
  for (let count = 0; count < 4; count += 1) {
    await expect.poll(() => balancer.states()[1]?.isReady).toBe(true)
    posts.push(await get({ method: 'POST', body: '{}' }))
  }
  // Those that reached the one that dies are lost, and went nowhere else.
  expect(posts.filter((answer) => answer === '502')).toHaveLength(one.heard.length)
  expect(one.heard.length + other.heard.length).toBe(4)
})

it('says so where nobody answers', async () => {
  await Promise.all([one.close(), other.close()])
  expect(await get()).toBe('502')
})
