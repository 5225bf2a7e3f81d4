/** What holds for any server, any caller and any options: never sooner than told, never beyond the limits, never twice for money without a key. */
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { defineDialect } from '../contract/read/dialect.ts'
import { isApiError } from './api-error.ts'
import type { WrapOptions } from './client-options.ts'
import { createClient } from './create-client.ts'
import { createJumpingClock, createScriptedFetch, json, networkError, START_MS, type Step } from './fixtures/scripted-fetch.ts'
import { refusalOf } from './stacked-layers.ts'

const api = (takesKeys: boolean) =>
  defineDialect({
    name: 'any',
    title: 'Any',
    ...(takesKeys && { idempotencyKey: 'Idempotency-Key' }),
    envelope: { error: { error: { code: '$code', message: '$message' } } },
    entries: {
      fast: { code: 'FAST', status: 429, reason: 'rate.limited', message: 'x', description: 'x' },
      quota: { code: 'QUOTA', status: 429, reason: 'quota.exhausted', message: 'x', description: 'x' },
      poor: { code: 'POOR', status: 402, reason: 'credit.insufficient', message: 'x', description: 'x' },
      expired: { code: 'EXPIRED', status: 401, reason: 'token.expired', message: 'x', description: 'x' },
      failed: { code: 'FAILED', status: 502, reason: 'upstream.failed', message: 'x', description: 'x' },
      closed: { code: 'CLOSED', status: 503, reason: 'service.maintenance', message: 'x', description: 'x' },
    },
  } as const)

/** An answer, what it told to wait, and whether it may have been done. */
interface Answer {
  readonly status: number
  readonly code: string
  readonly waitSeconds: number | undefined
  readonly kind: 'answer' | 'reset' | 'refused' | 'silence' | 'cut'
}

const mayBeDone = ({ kind, status, code }: Answer): boolean => kind === 'reset' || kind === 'silence' || kind === 'cut' || (kind === 'answer' && status >= 500 && code !== 'CLOSED')
const isHopeless = ({ kind, code }: Answer): boolean => kind === 'answer' && (code === 'POOR' || code === 'QUOTA')

const answers: fc.Arbitrary<Answer> = fc.record({
  status: fc.constant(0),
  code: fc.constantFrom('FAST', 'QUOTA', 'POOR', 'EXPIRED', 'FAILED', 'CLOSED', 'STRANGE'),
  waitSeconds: fc.option(fc.oneof(fc.integer({ min: 0, max: 90 }), fc.constantFrom(9_999_999, 4_000_000_000)), { nil: undefined }),
  kind: fc.constantFrom('answer', 'answer', 'answer', 'answer', 'reset', 'refused', 'silence', 'cut'),
}).map((answer) => ({ ...answer, status: { FAST: 429, QUOTA: 429, POOR: 402, EXPIRED: 401, FAILED: 502, CLOSED: 503, STRANGE: 500 }[answer.code] ?? 500 }))

function toStep({ status, code, waitSeconds, kind }: Answer): Step {
  if (kind === 'reset') return networkError('ECONNRESET')
  if (kind === 'refused') return networkError('ECONNREFUSED')
  if (kind === 'silence') return 'silence'
  if (kind === 'cut') return () => new Response(new ReadableStream({ pull: (controller) => controller.error(new TypeError('terminated')) }))
  return json(status, { error: { code, message: 'x' } }, waitSeconds === undefined ? {} : { 'retry-after': String(waitSeconds) })
}

it('holds its promises', async () => {
  const cases = fc.record({
    script: fc.array(answers, { maxLength: 6 }),
    method: fc.constantFrom('GET', 'PUT', 'POST', 'PATCH'),
    takesKeys: fc.boolean(),
    options: fc.record({
      attempts: fc.integer({ min: 1, max: 6 }),
      timeoutMs: fc.constantFrom(50, 5_000, 120_000, 5_000_000_000_000),
      attemptTimeoutMs: fc.constantFrom(400, 30_000),
      waitMaxMs: fc.constantFrom(0, 2_000, 60_000, Infinity),
    }) satisfies fc.Arbitrary<WrapOptions>,
    random: fc.double({ min: 0, max: 0.999999, noNaN: true }),
    face: fc.constantFrom('fetch', 'result'),
    budget: fc.constantFrom({}, { budget: false } as const),
  })
  await fc.assert(
    fc.asyncProperty(cases, async ({ script, method, takesKeys, options, random, face, budget }) => {
      const clock = createJumpingClock()
      const { fetch, sent } = createScriptedFetch(clock, ...script.map(toStep), json(200, { fine: true }))
      let refreshed = 0
      const refresh = async () => `t${(refreshed += 1)}`
      const client = createClient({ baseUrl: 'https://any.test', contract: api(takesKeys), fetch, clock, random: () => random, ...budget, credentials: { token: 't', refresh }, ...options })
      const init = method === 'GET' ? { method } : { method, body: 'paid' }
      const fetched = (): Promise<unknown> => client('/x', init).then(refusalOf, (thrown: unknown) => thrown)
      const error = await clock.until(face === 'fetch' ? fetched() : client.result('/x', init).then((result): unknown => result.error))

      const seen = sent.map((_, index): Answer => script[index] ?? { status: 200, code: '', waitSeconds: undefined, kind: 'answer' })
      const tookMs = clock.wallMs() - START_MS
      // Whatever it was, it is one of ours.
      expect(error === undefined || isApiError(error)).toBe(true)
      expect(sent.length).toBeLessThanOrEqual(options.attempts + refreshed)
      expect(refreshed).toBeLessThanOrEqual(1)
      // What comes in one instant after the end of the time is rounding.
      expect(tookMs).toBeLessThanOrEqual(options.timeoutMs + 10_000)
      for (const [index, answer] of seen.slice(0, -1).entries()) {
        const gapMs = (sent[index + 1]?.atMs ?? 0) - (sent[index]?.atMs ?? 0)
        const isTold = answer.kind === 'answer' && answer.code !== 'EXPIRED'
        expect(gapMs).toBeGreaterThanOrEqual(isTold ? (answer.waitSeconds ?? 0) * 1_000 : 0)
        expect(isHopeless(answer)).toBe(false)
        // Not sent again without a key what may have been done.
        expect(!mayBeDone(answer) || method === 'GET' || method === 'PUT' || takesKeys).toBe(true)
      }
      const keys = new Set(sent.map(({ headers }) => headers.get('idempotency-key')))
      expect(keys.size).toBe(1)
      expect(keys.has(null)).toBe(!takesKeys || method === 'GET' || method === 'PUT')
      for (const { body } of sent) expect(body).toBe(method === 'GET' ? '' : 'paid')
      expect(clock.pending()).toBe(0)
      const attempts = isApiError(error) ? error.attempts : sent
      expect(attempts).toHaveLength(sent.length)
    }),
  )
})
