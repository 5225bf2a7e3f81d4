/** Official SDKs on a `fetch` of the client, their own retries off: what they cannot do for themselves is done underneath, and the mock finds no fault. */
import Anthropic from '@anthropic-ai/sdk'
import OpenAI from 'openai'
import { Stripe } from 'stripe'
import { describe, expect, it } from 'vitest'
import { anthropic, openai, stripe, type catalog } from 'tollgate/catalog'
import { isApiError, refusalOf, wrapFetch, type WrapOptions } from 'tollgate/client'
import { watchStreams } from 'tollgate/client/streams'
import { createMock, type MockScript } from 'tollgate/testing'
import { createJumpingClock } from '../packages/tollgate/src/client/fixtures/scripted-fetch.ts'

type AnyContract = (typeof catalog)[string]
type Fetch = typeof fetch

const chat = { id: 'chatcmpl-1', object: 'chat.completion', created: 0, model: 'gpt-4o', choices: [{ index: 0, message: { role: 'assistant', content: 'Hello.' }, finish_reason: 'stop' }] }
const message = { id: 'msg_1', type: 'message', role: 'assistant', model: 'claude', content: [{ type: 'text', text: 'Hello.' }], stop_reason: 'end_turn', usage: { input_tokens: 1, output_tokens: 1 } }
const ask = [{ role: 'user' as const, content: 'Hi' }]
const tooFast = { entry: 'rateLimitExceeded', facts: { retryAfterMs: 20_000 } }

async function settled(work: Promise<unknown>): Promise<{ readonly value?: unknown; readonly error?: Error }> {
  return work.then(
    (value) => ({ value }),
    (error: Error) => ({ error }),
  )
}

/** Time passes when nothing else happens, for the client, its waits and the mock alike. */
async function onMock<Client>(contract: AnyContract, script: MockScript, make: (fetch: Fetch) => Client, how: (client: Client) => Promise<unknown>, options: Partial<WrapOptions> = {}) {
  const clock = createJumpingClock()
  const mock = createMock(contract, script, { clock })
  const careful = wrapFetch(mock.fetch as never, { contract, clock, random: () => 0, budget: false, ...options })
  const outcome = await clock.until(settled(how(make(watchStreams(careful, { contract, clock }) as Fetch))))
  return { ...outcome, mock, report: mock.grade() }
}

const toOpenai = (fetch: Fetch): OpenAI => new OpenAI({ apiKey: 'sk-test', maxRetries: 0, fetch })
const toAnthropic = (fetch: Fetch): Anthropic => new Anthropic({ apiKey: 'sk-test', maxRetries: 0, fetch })
const toStripe = (fetch: Fetch): Stripe => new Stripe('sk_test_1', { httpClient: Stripe.createFetchHttpClient(fetch), maxNetworkRetries: 0 })

describe('openai', () => {
  const complete = (client: OpenAI): Promise<unknown> => client.chat.completions.create({ model: 'gpt-4o', messages: ask })
  const say = async (client: OpenAI): Promise<string> => {
    let said = ''
    for await (const chunk of await client.chat.completions.create({ model: 'gpt-4o', messages: ask, stream: true })) said += chunk.choices[0]?.delta.content ?? ''
    return said
  }
  const events = ['Hel', 'lo', '.'].map((content) => ({ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 0, model: 'gpt-4o', choices: [{ index: 0, delta: { content } }] }))
  const success = { body: chat, events }

  it('gets its answer', async () => {
    expect((await onMock(openai, { success }, toOpenai, complete)).value).toMatchObject({ choices: [{ message: { content: 'Hello.' } }] })
    expect((await onMock(openai, { success }, toOpenai, say)).value).toBe('Hello.')
  })

  it('waits for what it was told, underneath', async () => {
    const { value, report } = await onMock(openai, { success, rules: [{ answer: [tooFast] }], expect: ['waited at least 20 s'] }, toOpenai, complete)
    expect(value).toMatchObject({ choices: [{}] })
    expect(report).toMatchObject({ verdict: 'passed', requests: 2 })
  })

  it('hears of a quota once', async () => {
    const { error, report } = await onMock(openai, { success, rules: [{ answer: { entry: 'insufficientQuota' } }] }, toOpenai, complete)
    expect(error).toMatchObject({ status: 429, code: 'insufficient_quota' })
    expect(report).toMatchObject({ verdict: 'passed', requests: 1 })
  })

  it('cannot take a stream that was cut off for a whole one', async () => {
    const { error, report } = await onMock(openai, { success, rules: [{ answer: { cut: { after: 2, by: 'end' } } }] }, toOpenai, say)
    expect(isApiError(error)).toBe(true)
    expect(error).toMatchObject({ reason: 'network.failed', because: 'delivered' })
    expect(report.requests).toBe(1)
  })

  it('gets the error in a stream with the status that it means', async () => {
    const { error } = await onMock(openai, { success, rules: [{ answer: { entry: 'rateLimitExceeded', midStream: 1 } }] }, toOpenai, say)
    expect(error).toMatchObject({ reason: 'rate.limited', code: 'rate_limit_exceeded', status: 429, dialect: 'openai' })
  })
})

describe('anthropic', () => {
  const create = (client: Anthropic): Promise<unknown> => client.messages.create({ model: 'claude', max_tokens: 5, messages: ask })
  const success = { body: message }

  it('waits for what it was told, underneath', async () => {
    const { value, report } = await onMock(anthropic, { success, rules: [{ answer: [{ entry: 'rateLimit', facts: { retryAfterMs: 20_000 } }] }], expect: ['waited at least 20 s'] }, toAnthropic, create)
    expect(value).toMatchObject({ content: [{ text: 'Hello.' }] })
    expect(report).toMatchObject({ verdict: 'passed', requests: 2 })
  })

  it('is refused once where its money is gone, and says what it was told', async () => {
    const { error, report } = await onMock(anthropic, { success, rules: [{ answer: { entry: 'creditTooLow' } }] }, toAnthropic, create)
    expect(error).toMatchObject({ status: 400, error: { error: { type: 'invalid_request_error' } } })
    expect(report).toMatchObject({ verdict: 'passed', requests: 1 })
  })

  it('a call that may have been paid is not sent a second time', async () => {
    const { error, report } = await onMock(anthropic, { success, paid: 'POST /v1/*', rules: [{ answer: { drop: 'late' } }] }, toAnthropic, create)
    expect(error?.cause ?? error).toMatchObject({ reason: 'outcome.unknown' })
    expect(report).toMatchObject({ verdict: 'passed', requests: 1 })
  })

  it('cannot take a stream that was cut off for a whole one', async () => {
    const events = [
      { event: 'message_start', data: { type: 'message_start', message: { ...message, content: [] } } },
      { event: 'content_block_start', data: { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } } },
    ]
    const text = (more: string): Response => new Response(events.map(({ event, data }) => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`).join('') + more, { headers: { 'content-type': 'text/event-stream' } })
    const run = async (more: string): Promise<unknown> => {
      const client = toAnthropic(watchStreams(wrapFetch(async () => text(more), { contract: anthropic }), { contract: anthropic }) as Fetch)
      const seen: string[] = []
      for await (const each of await client.messages.create({ model: 'claude', max_tokens: 5, messages: ask, stream: true })) seen.push(each.type)
      return seen
    }
    expect(await run('event: message_stop\ndata: {"type":"message_stop"}\n\n')).toEqual(['message_start', 'content_block_start', 'message_stop'])
    await expect(run('')).rejects.toMatchObject({ reason: 'network.failed', because: 'delivered' })
    await expect(run('event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}\n\n')).rejects.toMatchObject({ reason: 'capacity.overloaded', status: 529 })
  })
})

describe('stripe', () => {
  const refused = (status: number, error: object, headers: Record<string, string> = {}): Response => Response.json({ error }, { status, headers })
  const charge = (client: Stripe): Promise<unknown> => client.paymentIntents.create({ amount: 100, currency: 'eur' })

  /** What the script answers, and what the SDK made of it. */
  async function onScript(...answers: readonly Response[]) {
    const clock = createJumpingClock()
    const keys: (string | null)[] = []
    const seen: Response[] = []
    const scripted = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
      keys.push(new Request(input, init).headers.get('idempotency-key'))
      return (answers[Math.min(keys.length, answers.length) - 1] ?? Response.error()).clone()
    }
    const careful = wrapFetch(scripted as never, { contract: stripe, clock, random: () => 0.5, budget: false })
    const outcome = await clock.until(settled(charge(toStripe((async (input: never, init: never) => {
      const response = await careful(input, init)
      seen.push(response)
      return response
    }) as Fetch))))
    return { ...outcome, keys, refusal: seen[0] && refusalOf(seen[0]), waitedMs: clock.monotonicMs() }
  }

  it('repeats under one key, which is there before the first attempt', async () => {
    const { value, keys } = await onScript(refused(429, { type: 'invalid_request_error', code: 'rate_limit', message: 'Too many.' }), Response.json({ id: 'pi_1', object: 'payment_intent' }))
    expect(value).toMatchObject({ id: 'pi_1' })
    expect([keys.length, new Set(keys).size, keys[0]]).toEqual([2, 1, expect.any(String)])
  })

  it('a card that was refused is refused once', async () => {
    const { error, keys, refusal } = await onScript(refused(402, { type: 'card_error', code: 'card_declined', decline_code: 'insufficient_funds', message: 'Your card was declined.' }))
    expect(error).toMatchObject({ type: 'StripeCardError', code: 'card_declined' })
    expect([keys.length, refusal?.reason, refusal?.source, refusal?.details['decline_code']]).toEqual([1, 'credit.insufficient', 'upstream', 'insufficient_funds'])
  })
})
