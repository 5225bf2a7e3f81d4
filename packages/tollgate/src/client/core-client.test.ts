import { afterEach, expect, it } from 'vitest'
import { chatads } from '../catalog/chatads.ts'
import type { ApiError } from './api-error.ts'
import type { ClientOptions } from './client-options.ts'
import { advicePart, checksPart, createCoreClient, quickPart, tokensPart, type ClientParts } from './core.ts'
import { createJumpingClock, createScriptedFetch, json, type JumpingClock, type Step } from './fixtures/scripted-fetch.ts'

let clock: JumpingClock = createJumpingClock()
afterEach(() => {
  if (clock.pending() > 0) throw new Error('a timer has outlived its call')
})

function world(parts: readonly ClientParts[], options: Partial<ClientOptions<unknown>>, ...steps: readonly Step[]) {
  clock = createJumpingClock()
  const scripted = createScriptedFetch(clock, ...steps)
  const api = createCoreClient({ baseUrl: 'https://api.test/v1', contract: chatads, clock, random: () => 0.5, fetch: scripted.fetch, budget: false, ...options } as ClientOptions<never>, parts)
  return { ...scripted, api, result: () => clock.until(api.result('/x')) }
}

const refused = (status: number, code: string, headers: Record<string, string> = {}) => json(status, { success: false, data: null, error: { code, message: 'x', details: {} }, meta: { request_id: 'r1' } }, headers)
const ok = json(200, { success: true, data: 1, error: null })

it('without any part it does what the contract says, and waits what headers tell', async () => {
  const waiting = world([], {}, refused(429, 'RATE_LIMIT_EXCEEDED', { 'retry-after': '2' }), ok)
  expect(await waiting.result()).toMatchObject({ ok: true, data: { data: 1 } })
  expect((waiting.sent[1]?.atMs ?? 0) - (waiting.sent[0]?.atMs ?? 0)).toBeGreaterThanOrEqual(2_000)
  const hopeless = world([], {}, refused(429, 'DAILY_QUOTA_EXCEEDED', { 'x-should-retry': 'true' }))
  expect((await hopeless.result()).error).toMatchObject({ reason: 'quota.exhausted', entry: 'dailyQuotaExceeded', because: 'never', requestId: 'r1' })
  const advised = world([], {}, refused(503, 'SERVICE_UNAVAILABLE', { 'x-should-retry': 'false' }))
  expect((await advised.result()).error).toMatchObject({ because: 'advised_against' })
})

it('what is written elsewhere is heard with the part for it', async () => {
  const elsewhere = json(503, { retry_after: 5 }, { 'x-ratelimit-remaining': '3' })
  const error = (await world([], { attempts: 1 }, elsewhere).result()).error as ApiError | undefined
  expect([error?.retryAfterMs, error?.limits]).toEqual([undefined, []])
  expect((await world([advicePart], { attempts: 1 }, elsewhere).result()).error).toMatchObject({ retryAfterMs: 5_000, limits: [{ remaining: 3 }] })
})

it('credentials want their part, and are never left out in silence', async () => {
  const credentials = { header: 'x-api-key', token: 'k1' }
  expect(() => world([], { credentials })).toThrow('createCoreClient: credentials take a part; write createCoreClient(options, [tokensPart])')
  const { result, sent } = world([tokensPart], { credentials }, ok)
  await result()
  expect(new Headers(sent[0]?.headers).get('x-api-key')).toBe('k1')
})

it('wrong options are found with the checks', () => {
  expect(() => world([], { attempts: 0 })).not.toThrow()
  expect(() => world([checksPart], { attempts: 0 })).toThrow('createCoreClient: attempts is 0; it must be a whole number, 1 or more')
})

it('the short way leads to the same end', async () => {
  for (const parts of [[], [quickPart]]) {
    expect(await world(parts, {}, ok).result()).toMatchObject({ ok: true, data: { data: 1 } })
    expect((await world(parts, {}, refused(403, 'FORBIDDEN')).result()).error).toMatchObject({ code: 'FORBIDDEN', attempts: [{ number: 1 }] })
  }
})
