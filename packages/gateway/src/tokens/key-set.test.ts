import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createManualClock } from 'tollgate/testing'
import { createIdentityProvider, type Away } from './fixtures/identity-provider.ts'
import { createRemoteKeySet, KeysUnavailableError } from './key-set.ts'

const MINUTE_MS = 60_000
const TOKEN = { payload: '', signature: '' }

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }))
afterEach(() => void vi.useRealTimers())

async function start() {
  const provider = await createIdentityProvider()
  const clock = createManualClock(Date.now())
  const alerts: string[] = []
  const keyOf = createRemoteKeySet(provider.jwks, { clock, alert: (message) => void alerts.push(message) })
  return {
    provider,
    alerts,
    key: async (kid: string) => keyOf({ alg: 'ES256', kid }, TOKEN),
    pass(ms: number) {
      clock.advance(ms)
      vi.setSystemTime(Date.now() + ms)
    },
  }
}

it('are asked for once, and again after ten minutes', async () => {
  const { provider, key, pass } = await start()
  await Promise.all([key('first'), key('first'), key('first')])
  pass(9 * MINUTE_MS)
  await key('first')
  expect(provider.asked()).toBe(1)
  pass(2 * MINUTE_MS)
  await key('first')
  expect(provider.asked()).toBe(2)
})

it('are asked for again when a token names an unknown one, but not for each of them', async () => {
  const { provider, key, pass, alerts } = await start()
  await key('first')
  await provider.rotate('second', true)
  pass(31_000)
  await key('second')
  expect(provider.asked()).toBe(2)
  for (let at = 0; at < 20; at += 1) await expect(key(`invented ${at}`)).rejects.toMatchObject({ code: 'ERR_JWKS_NO_MATCHING_KEY' })
  expect(provider.asked()).toBe(2)
  await key('first')
  expect(alerts).toEqual([])
})

it.each<Away>(['refuses', 'fails', 'talks nonsense', 'talks without end'])('of a provider that %s are good for a day as they were, and it is left alone in between', async (how) => {
  const { provider, key, pass, alerts } = await start()
  await key('first')
  provider.leave(how)
  pass(11 * MINUTE_MS)
  for (let at = 0; at < 20; at += 1) await key('first')
  expect(provider.asked()).toBe(2)
  // One that came in the meantime may well be good.
  await expect(key('second')).rejects.toBeInstanceOf(KeysUnavailableError)
  expect(provider.asked()).toBe(2)
  pass(6_000)
  await key('first')
  expect(provider.asked()).toBe(3)
  expect(alerts).toEqual([expect.stringContaining(provider.jwks)])
  pass(24 * 60 * MINUTE_MS)
  await expect(key('first')).rejects.toBeInstanceOf(KeysUnavailableError)
  provider.leave(undefined)
  pass(6_000)
  await key('first')
})

it('that were never to be had are unavailable, and asked for again as soon as the provider may be back', async () => {
  const { provider, key, pass, alerts } = await start()
  provider.leave('refuses')
  for (let at = 0; at < 5; at += 1) await expect(key('first')).rejects.toBeInstanceOf(KeysUnavailableError)
  expect([provider.asked(), alerts.length]).toEqual([1, 1])
  provider.leave(undefined)
  pass(5_000)
  await key('first')
})
