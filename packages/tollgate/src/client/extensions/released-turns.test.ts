/** Whoever gives up leaves no turn taken, and keeps none from the others. */
import { expect, it } from 'vitest'
import { createClient } from '../create-client.ts'
import type { Extension } from '../extension.ts'
import { json } from '../fixtures/scripted-fetch.ts'
import { concurrency } from './concurrency.ts'
import { pacing } from './pacing.ts'

interface Held {
  readonly answer: (response: Response) => void
}

/** A `fetch` whose answers are given by hand. */
function createHeldFetch() {
  const out: Held[] = []
  const fetch = (_: unknown, init?: RequestInit): Promise<Response> =>
    new Promise((resolve, reject) => {
      out.push({ answer: resolve })
      init?.signal?.addEventListener('abort', () => reject(init.signal?.reason as Error))
    })
  return { fetch, out }
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 5))

it('a call whose time is up in the line takes no turn afterwards', async () => {
  const { fetch, out } = createHeldFetch()
  const api = createClient({ baseUrl: 'http://api.test', fetch, extensions: [concurrency({ start: 1, max: 1 })], budget: false })
  const first = api.result('/1')
  await expect.poll(() => out.length).toBe(1)
  const { error } = await api.result('/2', { timeoutMs: 30 })
  expect(error).toMatchObject({ reason: 'network.timeout' })
  out[0]?.answer(json(200, {}))
  await first
  await settled()
  const third = api.result('/3', { timeoutMs: 2_000 })
  await expect.poll(() => out.length).toBe(2)
  out[1]?.answer(json(200, {}))
  expect((await third).ok).toBe(true)
})

it('nor does it ask for a limit that is over', async () => {
  const { fetch, out } = createHeldFetch()
  const api = createClient({ baseUrl: 'http://api.test', fetch, extensions: [pacing()], budget: false, attempts: 1 })
  const first = api.result('/1')
  await expect.poll(() => out.length).toBe(1)
  out[0]?.answer(json(429, {}, { 'retry-after': '1' }))
  await first
  expect((await api.result('/2', { timeoutMs: 30 })).error).toMatchObject({ reason: 'network.timeout' })
  await new Promise((resolve) => setTimeout(resolve, 1_050))
  const third = api.result('/3', { timeoutMs: 2_000 })
  await expect.poll(() => out.length, { timeout: 2_000 }).toBe(2)
  out[1]?.answer(json(200, {}))
  expect((await third).ok).toBe(true)
})

it('a turn that was given to one who gives up in the same moment goes to the next', async () => {
  const { fetch, out } = createHeldFetch()
  const controller = new AbortController()
  const release: Extension = { name: 'release', begin: ({ url }) => ({ onEnd: () => (url.endsWith('/1') ? controller.abort() : undefined) }) }
  const api = createClient({ baseUrl: 'http://api.test', fetch, extensions: [concurrency({ start: 1, max: 1 }), release], budget: false })
  const first = api.result('/1')
  await expect.poll(() => out.length).toBe(1)
  const second = api.result('/2', { signal: controller.signal })
  const third = api.result('/3', { timeoutMs: 2_000 })
  await settled()
  out[0]?.answer(json(200, {}))
  await first
  expect((await second).error).toMatchObject({ reason: 'aborted' })
  await expect.poll(() => out.length).toBe(2)
  out[1]?.answer(json(200, {}))
  expect((await third).ok).toBe(true)
})

it('an extension that throws at the end of a call keeps no turn of another', async () => {
  const { fetch, out } = createHeldFetch()
  let isBroken = true
  const broken: Extension = { name: 'broken', begin: () => ({ onEnd() { if (isBroken) throw new Error('broken') } }) }
  const holding: Extension = { name: 'holding', begin: () => ({ beforeAttempt: () => (isBroken ? { kind: 'held_back', message: 'not now' } : undefined) }) }
  const api = createClient({ baseUrl: 'http://api.test', fetch, extensions: [broken, concurrency({ start: 1, max: 1 }), holding], budget: false })
  await expect(api.result('/1')).rejects.toThrow('broken')
  isBroken = false
  const second = api.result('/2', { timeoutMs: 1_000 })
  await expect.poll(() => out.length).toBe(1)
  out[0]?.answer(json(200, {}))
  expect((await second).ok).toBe(true)
})
