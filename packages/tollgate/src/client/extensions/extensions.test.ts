import * as otel from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { InMemoryMetricExporter, AggregationTemporality, MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics'
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { problem } from '../../catalog/dialects.ts'
import type { ApiError } from '../api-error.ts'
import { createClient } from '../create-client.ts'
import type { Extension } from '../extension.ts'
import { createJumpingClock, createScriptedFetch, json, networkError, START_MS, type JumpingClock, type Step } from '../fixtures/scripted-fetch.ts'
import { circuit } from './circuit.ts'
import { concurrency } from './concurrency.ts'
import { pacing } from './pacing.ts'
import { telemetry } from './telemetry.ts'

let clock: JumpingClock = createJumpingClock()
afterEach(() => {
  if (clock.pending() > 0) throw new Error('a timer has outlived its call')
})

const ok = json(200, { fine: true })
const failed = json(500, { status: 500 })

function world(extension: Extension, { attempts = 1 }: { readonly attempts?: number } = {}, ...steps: readonly Step[]) {
  clock = createJumpingClock()
  const scripted = createScriptedFetch(clock, ...steps)
  const api = createClient({ baseUrl: 'https://api.test', contract: problem, clock, random: () => 0, budget: false, attempts, extensions: [extension], fetch: scripted.fetch })
  const call = async (path = '/x', signal?: AbortSignal): Promise<ApiError | undefined> => (await api.result(path, signal === undefined ? {} : { signal })).error as ApiError | undefined
  const wait = (ms: number) => clock.until(new Promise<void>((resolve) => void clock.after(ms, resolve)))
  return { ...scripted, call: (path?: string, signal?: AbortSignal) => clock.until(call(path, signal)), all: (calls: number) => clock.until(Promise.all(Array.from({ length: calls }, () => call()))), wait }
}

describe('circuit', () => {
  it('opens after failures in a row, holds calls back, lets one try, and closes', async () => {
    const { call, sent, wait } = world(circuit({ failures: 2, openMs: 10_000 }), {}, failed, failed, ok)
    expect([await call(), await call()].map((error) => error?.reason)).toEqual(['internal', 'internal'])
    const held = await call()
    expect(held).toMatchObject({ reason: 'capacity.overloaded', because: 'held_back', source: 'client', retryAtMs: START_MS + 10_000, message: 'The circuit of https://api.test is open: its last calls have failed.' })
    expect([held?.attempts, sent.length]).toEqual([[], 2])
    await wait(10_000)
    expect([await call(), await call(), sent.length]).toEqual([undefined, undefined, 4])
  })

  it('a try that fails opens it again; one that is given up leaves it to the next', async () => {
    const { call, sent, wait } = world(circuit({ failures: 1, openMs: 1_000 }), {}, networkError('ECONNREFUSED'), networkError('ECONNREFUSED'), 'silence', ok)
    await call()
    await wait(1_000)
    await call()
    expect((await call())?.because).toBe('held_back')
    await wait(1_000)
    const controller = new AbortController()
    clock.after(5, () => controller.abort())
    expect((await call('/x', controller.signal))?.reason).toBe('aborted')
    expect([await call(), sent.length]).toEqual([undefined, 4])
  })

  it('is closed for what the server refuses for a reason of its own', async () => {
    const { call, sent } = world(circuit({ failures: 1 }), {}, json(402, {}), json(429, {}), json(404, {}))
    for (let calls = 0; calls < 5; calls++) await call()
    expect(sent.length).toBe(5)
  })

  it('successes between failures keep it closed, and each server has its own', async () => {
    const { call, sent } = world(circuit({ failures: 2 }), {}, failed, ok, failed, ok, failed, failed, ok)
    for (let calls = 0; calls < 6; calls++) await call()
    expect((await call())?.because).toBe('held_back')
    expect([await call('https://other.test/x'), sent.length]).toEqual([undefined, 7])
  })
})

describe('concurrency', () => {
  /** A server that takes so many at once, a second each. */
  function server(atOnce: number) {
    const seen = { most: 0, running: 0 }
    const answer: Step = async () => {
      seen.running += 1
      seen.most = Math.max(seen.most, seen.running)
      const isTooMuch = seen.running > atOnce
      await new Promise<void>((resolve) => void clock.after(1_000, resolve))
      seen.running -= 1
      return isTooMuch ? json(503, {}) : ok.clone()
    }
    return { answer, seen }
  }

  it('sends no more at once than its limit, and all in the end', async () => {
    const { answer, seen } = server(100)
    const { all, sent } = world(concurrency({ start: 3, max: 3 }), {}, answer)
    expect((await all(10)).every((error) => error === undefined)).toBe(true)
    expect([seen.most, sent.length]).toEqual([3, 10])
  })

  it('tries more where all succeeds, and fewer where the server has too much', async () => {
    const roomy = server(100)
    await world(concurrency({ start: 2, max: 50 }), {}, roomy.answer).all(200)
    expect(roomy.seen.most).toBeGreaterThan(8)
    const narrow = server(4)
    const { all } = world(concurrency({ start: 40, max: 50 }), {}, narrow.answer)
    await all(300)
    const after = (await all(40)).filter((error) => error !== undefined)
    expect(after.length).toBeLessThan(15)
  })

  it('whoever gives up leaves the line, and a turn that is not had in time is told', async () => {
    const { answer } = server(100)
    const { call, sent, all } = world(concurrency({ start: 1, max: 1, waitMaxMs: 1_500 }), {}, answer)
    const errors = await all(3)
    expect(errors.map((error) => error?.because)).toEqual([undefined, undefined, 'held_back'])
    expect(errors[2]?.message).toBe('No turn in 1500 ms: 1 calls to https://api.test are out, and 0 wait.')
    expect([await call(), sent.length]).toEqual([undefined, 3])
  })
})

describe('pacing', () => {
  /** A window of so many requests in ten seconds, told in headers. */
  function limited(limit: number, tells = true) {
    const seen = { refused: 0 }
    let [windowMs, used] = [-1, 0]
    const answer: Step = ({ atMs }) => {
      if (Math.floor(atMs / 10_000) !== windowMs) [windowMs, used] = [Math.floor(atMs / 10_000), 0]
      used += 1
      const resetS = Math.ceil(((windowMs + 1) * 10_000 - atMs) / 1_000)
      const headers: Record<string, string> = tells ? { 'x-ratelimit-limit': String(limit), 'x-ratelimit-remaining': String(Math.max(0, limit - used)), 'x-ratelimit-reset': String(resetS) } : {}
      if (used <= limit) return json(200, {}, headers)
      seen.refused += 1
      return json(429, {}, { ...headers, 'retry-after': String(resetS) })
    }
    return { answer, seen }
  }

  it('waits where nothing is left, so that nothing is refused', async () => {
    const { answer, seen } = limited(5)
    const { call, times } = world(pacing(), { attempts: 5 }, answer)
    for (let calls = 0; calls < 12; calls++) expect(await call()).toBe(undefined)
    expect(seen.refused).toBe(0)
    expect(times()).toEqual([0, 0, 0, 0, 0, 10_000, 10_000, 10_000, 10_000, 10_000, 20_000, 20_000])
  })

  it('of many at once only those are refused that went out before anything was known', async () => {
    const { answer, seen } = limited(5)
    const { call, all, sent } = world(pacing(), { attempts: 10 }, answer)
    await call()
    expect((await all(20)).filter((error) => error !== undefined)).toEqual([])
    expect([seen.refused, sent.length]).toEqual([0, 21])
  })

  it('a refusal holds all back, also where no header tells how much there is', async () => {
    const { answer, seen } = limited(3, false)
    const { call, sent } = world(pacing(), { attempts: 3 }, answer)
    for (let calls = 0; calls < 9; calls++) expect(await call()).toBe(undefined)
    expect([seen.refused, sent.length]).toEqual([2, 11])
  })

  it('what has to wait too long is told when to come again', async () => {
    const { answer } = limited(1)
    const { call, sent } = world(pacing({ waitMaxMs: 2_000 }), {}, answer)
    await call()
    expect(await call()).toMatchObject({ because: 'held_back', retryAtMs: START_MS + 10_000, message: 'The limit of https://api.test is used up.' })
    expect(sent.length).toBe(1)
  })
})

describe('telemetry', () => {
  const spans = new InMemorySpanExporter()
  const metrics = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
  const reader = new PeriodicExportingMetricReader({ exporter: metrics, exportIntervalMillis: 1e9 })
  beforeAll(() => {
    otel.trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] }))
    otel.metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }))
    otel.context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
    otel.propagation.setGlobalPropagator({
      inject: (context, carrier, setter) => setter.set(carrier, 'traceparent', `00-${otel.trace.getSpanContext(context)?.traceId}-${otel.trace.getSpanContext(context)?.spanId}-01`),
      extract: (context) => context,
      fields: () => ['traceparent'],
    })
    return async () => {
      await reader.shutdown()
      otel.trace.disable()
      otel.metrics.disable()
      otel.context.disable()
      otel.propagation.disable()
    }
  })

  it('each attempt is a span with why there was another, and its parent goes along', async () => {
    const { call, sent } = world(telemetry(otel), { attempts: 2 }, json(429, { type: 'https://x.test/y', title: 'Slow' }, { 'retry-after': '2', 'x-request-id': 'r1' }), ok)
    await otel.trace.getTracer('test').startActiveSpan('work', async (parent) => {
      await call('/x?key=secret')
      parent.end()
    })
    const [first, second, parent] = spans.getFinishedSpans()
    expect([first?.name, first?.kind, first?.status.code]).toEqual(['GET', otel.SpanKind.CLIENT, otel.SpanStatusCode.ERROR])
    expect(first?.attributes).toMatchObject({
      'http.request.method': 'GET', 'server.address': 'api.test', 'server.port': 443, 'url.full': 'https://api.test/x', 'http.response.status_code': 429, 'error.type': '429', 'tollgate.reason': 'rate.limited', 'tollgate.because': 'told_to_wait', 'tollgate.delay_ms': 2_000, 'tollgate.request_id': 'r1',
    })
    expect(second?.attributes).toMatchObject({ 'http.request.resend_count': 1, 'http.response.status_code': 200, 'tollgate.because': 'succeeded' })
    expect([first, second].map((span) => span?.parentSpanContext?.spanId)).toEqual([parent?.spanContext().spanId, parent?.spanContext().spanId])
    expect(sent.map(({ headers }) => headers.get('traceparent')?.split('-')[2])).toEqual([first?.spanContext().spanId, second?.spanContext().spanId])
    await reader.forceFlush()
    const told = metrics.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics.map(({ descriptor, dataPoints }) => [descriptor.name, dataPoints.length])))
    expect(told).toEqual(expect.arrayContaining([['http.client.request.duration', 2], ['tollgate.client.attempts', 2]]))
  })
})

it('a relative address, as pages have them, is no reason to fail', () => {
  expect(telemetry(otel).begin({ method: 'GET', url: '/x', origin: '', clock, signal: new AbortController().signal })?.beforeAttempt?.({ number: 1, setHeader: () => undefined, signal: new AbortController().signal })).toBe(undefined)
})

it.each([
  [() => circuit({ failures: 0 }), 'circuit: failures is 0; it must be a number from 1 on'],
  [() => concurrency({ start: 200 }), 'concurrency: start is 200; it must be a number from 1 to 100'],
  [() => pacing({ waitMax: 5 } as object), 'pacing: waitMax is no option; there are contract, waitMaxMs'],
  [() => pacing({ waitMaxMs: -1 }), 'pacing: waitMaxMs is -1; it must be a number from 0 on'],
])('wrong options are told where they are given: %s', (make, message) => expect(make).toThrow(new TypeError(message)))
