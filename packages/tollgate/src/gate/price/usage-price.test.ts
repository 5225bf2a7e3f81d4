import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { UsageRule } from '../steps/step-options.ts'
import type { UsageSaid } from './usage-figures.ts'
import { createStreamUsage, usageOf } from './usage-price.ts'

const rule: UsageRule = { per: 1_000, amounts: { 'usage.prompt_tokens': 3, 'usage.completion_tokens': { kind: 'column', column: 'output' } } }
const row = { output: 6 }
const unitsOf = (used: UsageSaid): number | undefined => (used.kind === 'known' ? used.units : undefined)
const usageUnits = (...given: Parameters<typeof usageOf>): number | undefined => unitsOf(usageOf(...given))
const whyNot = (used: UsageSaid): string | undefined => (used.kind === 'unknown' ? used.why : undefined)
const encode = (text: string): Uint8Array => new TextEncoder().encode(text)
const usage = (prompt_tokens: unknown, completion_tokens: unknown) => ({ usage: { prompt_tokens, completion_tokens } })

describe('usage in a JSON answer', () => {
  it('costs the sum of its figures, rounded up once', () => {
    expect(usageUnits(rule, row, usage(1_000, 1_000))).toBe(9)
    expect(usageUnits(rule, row, usage(1, 1))).toBe(1)
    expect(usageUnits(rule, row, usage(0, 0))).toBe(0)
  })

  it.each([[{}], [undefined], [[]], ['usage'], [usage('7', -1)], [usage(1.5, null)], [{ usage: null }], [usage(1_000, '1000')], [usage(-1, 1_000)], [usage(1_000, 1.5)]])('%j says nothing', (answer) => {
    expect(usageUnits(rule, row, answer)).toBeUndefined()
  })

  it('figures beyond all measure cost no more than can be counted, and cannot be added to less', () => {
    expect(usageUnits({ per: 1, amounts: { n: Number.MAX_SAFE_INTEGER } }, undefined, { n: Number.MAX_SAFE_INTEGER })).toBe(Number.MAX_SAFE_INTEGER)
  })
})

describe('the length of a list', () => {
  const perResult: UsageRule = { per: 1, amounts: { 'data.results.length': 2 } }
  const found = (...results: readonly unknown[]) => ({ data: { results } })

  it('is a figure: each of its items costs, and none of none', () => {
    expect(usageUnits(perResult, undefined, found({ url: 'a' }, { url: 'b' }, null))).toBe(6)
    expect(usageUnits(perResult, undefined, found())).toBe(0)
    expect(usageUnits({ per: 1, amounts: { length: 2 } }, undefined, [{ url: 'a' }, { url: 'b' }])).toBe(4)
  })

  it('is none of a text, and of what is not there', () => {
    for (const answer of [{ data: { results: 'three' } }, { data: {} }, {}, null]) expect(usageUnits(perResult, undefined, answer)).toBeUndefined()
  })

  it('is read in the events of a stream, too, of which the last counts', () => {
    for (const [amounts, events] of [[perResult.amounts, [found(1), found(1, 2, 3)]], [{ length: 2 }, [[1], [1, 2, 3]]], [{ length: 2 }, [{ length: 1 }, { length: 3 }]]] as const) {
      const reader = createStreamUsage({ per: 1, amounts }, undefined)
      for (const event of events) reader.push(encode(`data: ${JSON.stringify(event)}\n\n`))
      expect(unitsOf(reader.used(true))).toBe(6)
    }
  })
})

describe('figures that contain others', () => {
  /** Per million, in millionths of a dollar. */
  const openai: UsageRule = {
    per: 1_000_000,
    amounts: {
      'usage.prompt_tokens': { kind: 'figure', amount: 150_000, parts: { 'usage.prompt_tokens_details.cached_tokens': 75_000, 'usage.prompt_tokens_details.audio_tokens': 10_000_000 } },
      'usage.completion_tokens': { kind: 'figure', amount: 600_000, parts: { 'usage.completion_tokens_details.reasoning_tokens': 600_000 } },
    },
  }
  const said = (prompt: object, completion: object = {}) => ({ usage: { prompt_tokens: 1_000, completion_tokens: 1_000, prompt_tokens_details: prompt, completion_tokens_details: completion } })

  it('cost their own price for what is left, and each part its own', () => {
    expect(usageUnits(openai, undefined, said({ cached_tokens: 800 }))).toBe(690)
    expect(usageUnits(openai, undefined, said({ cached_tokens: 800, audio_tokens: 100 }))).toBe(15 + 60 + 1_000 + 600)
    expect(usageUnits(openai, undefined, said({ cached_tokens: 1_000 }, { reasoning_tokens: 1_000 }))).toBe(75 + 600)
  })

  it('a part that is not said is none', () => {
    for (const details of [{}, { cached_tokens: null }, { cached_tokens: 0 }]) expect(usageUnits(openai, undefined, said(details))).toBe(750)
    expect(usageUnits(openai, undefined, { usage: { prompt_tokens: 1_000 } })).toBe(150)
  })

  it('that do not contain what they are said to contain say nothing, and why', () => {
    expect(whyNot(usageOf(openai, undefined, said({ cached_tokens: 900, audio_tokens: 101 })))).toBe('says 1000 for usage.prompt_tokens and 1001 for its parts (usage.prompt_tokens_details.cached_tokens, usage.prompt_tokens_details.audio_tokens)')
    expect(whyNot(usageOf(openai, undefined, { usage: { prompt_tokens_details: { cached_tokens: 1 } } }))).toContain('says 0 for usage.prompt_tokens and 1')
    expect(whyNot(usageOf(openai, undefined, said({ cached_tokens: -1 })))).toBe('says -1 for usage.prompt_tokens_details.cached_tokens, which is no count')
    expect(whyNot(usageOf(openai, undefined, {}))).toBe('has no figure of usage.prompt_tokens, usage.completion_tokens')
  })

  it('may be nested: cached audio within audio', () => {
    const realtime: UsageRule = {
      per: 1,
      amounts: {
        'usage.input_tokens': {
          kind: 'figure',
          amount: 100,
          parts: { 'd.audio_tokens': { kind: 'figure', amount: 10, parts: { 'd.cached_tokens_details.audio_tokens': 1 } }, 'd.cached_tokens_details.text_tokens': { kind: 'column', column: 'output' } },
        },
      },
    }
    const answer = { usage: { input_tokens: 10 }, d: { audio_tokens: 4, cached_tokens_details: { audio_tokens: 3, text_tokens: 5 } } }
    expect(usageUnits(realtime, row, answer)).toBe(1 * 100 + 1 * 10 + 3 * 1 + 5 * 6)
    expect(usageUnits(realtime, row, { ...answer, d: { audio_tokens: 2, cached_tokens_details: { audio_tokens: 3 } } })).toBeUndefined()
  })

  it('never cost less than all at the lowest price, nor more than all at the highest, whatever is said', () => {
    const count = fc.nat({ max: 2_000 })
    fc.assert(
      fc.property(count, count, count, (prompt_tokens, cached_tokens, audio_tokens) => {
        const units = usageUnits({ per: 1, amounts: { prompt_tokens: { kind: 'figure', amount: 5, parts: { cached_tokens: 2, audio_tokens: 9 } } } }, undefined, { prompt_tokens, cached_tokens, audio_tokens })
        const isTrue = cached_tokens + audio_tokens <= prompt_tokens
        expect(units === undefined).toBe(!isTrue)
        expect(units ?? 2 * prompt_tokens).toBeGreaterThanOrEqual(2 * prompt_tokens)
        expect(units ?? 0).toBeLessThanOrEqual(9 * prompt_tokens)
      }),
    )
  })

  it('is the same in a stream, where the last figure of each counts', () => {
    const reader = createStreamUsage(openai, undefined)
    reader.push(encode(`data: ${JSON.stringify({ usage: null })}\n\ndata: ${JSON.stringify(said({ cached_tokens: 800 }))}\n\ndata: [DONE]\n\n`))
    expect(unitsOf(reader.used(true))).toBe(690)
  })
})

describe('figures of other services', () => {
  const anthropic: UsageRule = {
    per: 1,
    amounts: {
      'usage.input_tokens': { kind: 'figure', amount: 3, also: ['message.usage.input_tokens'] },
      'usage.cache_read_input_tokens': { kind: 'figure', amount: 1, also: ['message.usage.cache_read_input_tokens'] },
      'usage.output_tokens': { kind: 'figure', amount: 15, also: ['message.usage.output_tokens'] },
    },
  }

  it('Anthropic: the same figures at the top of an answer, and at the start and the end of a stream, count once', () => {
    expect(usageUnits(anthropic, undefined, { usage: { input_tokens: 10, cache_read_input_tokens: 100, output_tokens: 7 } })).toBe(30 + 100 + 105)
    for (const last of [{ output_tokens: 7 }, { input_tokens: 10, cache_read_input_tokens: 100, output_tokens: 7 }]) {
      const reader = createStreamUsage(anthropic, undefined)
      reader.push(encode(`event: message_start\ndata: ${JSON.stringify({ type: 'message_start', message: { usage: { input_tokens: 10, cache_read_input_tokens: 100, output_tokens: 1 } } })}\n\n`))
      reader.push(encode(`event: message_delta\ndata: ${JSON.stringify({ type: 'message_delta', usage: last })}\n\n`))
      expect(unitsOf(reader.used(true))).toBe(30 + 100 + 105)
    }
  })

  const gemini: UsageRule = {
    per: 1,
    amounts: {
      'usageMetadata.promptTokenCount': {
        kind: 'figure',
        amount: 2,
        parts: { 'usageMetadata.cachedContentTokenCount': 1, 'usageMetadata.promptTokensDetails[modality=AUDIO].tokenCount': 7 },
      },
      'usageMetadata.candidatesTokenCount': 10,
      'usageMetadata.thoughtsTokenCount': 10,
    },
  }
  const chunk = (candidatesTokenCount: number) => ({
    usageMetadata: { promptTokenCount: 100, cachedContentTokenCount: 50, promptTokensDetails: [{ modality: 'TEXT', tokenCount: 80 }, { modality: 'AUDIO', tokenCount: 20 }], candidatesTokenCount, thoughtsTokenCount: 4 },
  })

  it('Gemini: a kind of token in a list, in one answer, in a list of answers and in a stream', () => {
    const units = 30 * 2 + 50 * 1 + 20 * 7 + 9 * 10 + 4 * 10
    expect(usageUnits(gemini, undefined, chunk(9))).toBe(units)
    expect(usageUnits(gemini, undefined, [chunk(1), chunk(9)])).toBe(units)
    const reader = createStreamUsage(gemini, undefined)
    for (const count of [1, 9]) reader.push(encode(`data: ${JSON.stringify(chunk(count))}\r\n\r\n`))
    expect(unitsOf(reader.used(true))).toBe(units)
  })
})

it('no answer makes it fail, however it is made', () => {
  const picky: UsageRule = { per: 1, amounts: { 'a.b': { kind: 'figure', amount: 1, parts: { 'a[b=c].d': 1 } }, d: 1 } }
  const name = fc.constantFrom('a', 'b', 'c', 'd', 'toString', '__proto__')
  const { answer } = fc.letrec((tie) => ({
    answer: fc.oneof({ depthSize: 'medium' }, fc.constantFrom(0, 1, -1, 1.5, 'c', null, true), fc.array(tie('answer'), { maxLength: 4 }), fc.dictionary(name, tie('answer'), { maxKeys: 4 })),
  }))
  fc.assert(fc.property(answer, (value) => ['known', 'unknown'].includes(usageOf(picky, undefined, value).kind)))
  const deep = JSON.parse(`{"a":{"b":${'['.repeat(100_000)}${']'.repeat(100_000)}}}`) as unknown
  expect(whyNot(usageOf(picky, undefined, deep))).toBe('says something nested for a.b, which is no count')
})

describe('usage in a stream', () => {
  const stream = [
    ': comment\n\n',
    'data: {"choices":[{"delta":{"content":"héllo 🎬"}}]}\n\n',
    'event: x\r\ndata: {"choices":[],\r\ndata: "usage":{"prompt_tokens":500,"completion_tokens":100}}\r\n\r\n',
    'data: {"usage":{"completion_tokens":900}}\n\n',
    'data: [DONE]\n\n',
  ].join('')

  it('is the same wherever the chunks are cut', () => {
    const bytes = encode(stream)
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat({ max: bytes.length }), { maxLength: 30 }), (cuts) => {
        const reader = createStreamUsage(rule, row)
        let from = 0
        for (const cut of [...cuts.toSorted((a, b) => a - b), bytes.length]) {
          reader.push(bytes.subarray(from, cut))
          from = cut
        }
        // ⌈(500 × 3 + 900 × 6) / 1000⌉: of each figure the last.
        expect(unitsOf(reader.used(true))).toBe(7)
      }),
    )
  })

  it('that broke off before any figure costs its events, where they have a price', () => {
    const delivered = encode('data: {"choices":[{}]}\n\ndata: {"choices":[{}]}\n\ndata: {"cho')
    const priced = createStreamUsage({ ...rule, perEvent: 2 }, row)
    const unpriced = createStreamUsage(rule, row)
    for (const reader of [priced, unpriced]) reader.push(delivered)
    expect(unitsOf(priced.used(false))).toBe(4)
    expect(unitsOf(unpriced.used(false))).toBeUndefined()
  })

  it('an endless line is passed over, in bounded memory, and the stream is read on', () => {
    const reader = createStreamUsage(rule, row)
    for (let at = 0; at < 1_000; at += 1) reader.push(encode('x'.repeat(1_000)))
    reader.push(encode('\n\ndata: {"usage":{"prompt_tokens":1000}}\n\n'))
    expect(unitsOf(reader.used(true))).toBe(3)
  })

  it.each([
    ['line feeds', '\n'],
    ['carriage returns', '\r'],
    ['both', '\r\n'],
  ])('is the same whether its lines end with %s', (_, end) => {
    const reader = createStreamUsage({ ...rule, perEvent: 2 }, row)
    for (const byte of encode(`data: {}${end}${end}data: {"usage":{"prompt_tokens":1000,${end}data: "completion_tokens":0}}${end}${end}`)) reader.push(Uint8Array.of(byte))
    expect(unitsOf(reader.used(false))).toBe(3)
  })

  it('that broke off after some figures costs these, and each event that came after them', () => {
    const delivered = encode('data: {}\n\ndata: {"usage":{"prompt_tokens":1000}}\n\ndata: {}\n\ndata: {}\n\n')
    const priced = createStreamUsage({ ...rule, perEvent: 2 }, row)
    const unpriced = createStreamUsage(rule, row)
    for (const reader of [priced, unpriced]) reader.push(delivered)
    expect(unitsOf(priced.used(false))).toBe(3 + 2 * 2)
    expect(unitsOf(unpriced.used(false))).toBeUndefined()
    expect(unitsOf(priced.used(true))).toBe(3)
  })

  it('counts an event that is too long to be read, and one whose empty line is missing at the end', () => {
    const reader = createStreamUsage({ ...rule, perEvent: 2 }, row)
    reader.push(encode(`data: {"usage":{"prompt_tokens":1000}}\n\ndata: "${'x'.repeat(300_000)}"\n\ndata: {}`))
    expect(unitsOf(reader.used(false))).toBe(3 + 2)
    expect(unitsOf(reader.used(true))).toBe(3 + 2 * 2)
  })

  it('that is whole and has no event, or a figure that is no count, says nothing', () => {
    for (const text of ['', ': comment\n\n', '{"usage":{"prompt_tokens":1000}}\n', 'data: {"usage":{"prompt_tokens":1000,"completion_tokens":"9"}}\n\n']) {
      const reader = createStreamUsage({ ...rule, perEvent: 2 }, row)
      reader.push(encode(text))
      expect(unitsOf(reader.used(true))).toBeUndefined()
    }
  })

  it('no bytes make it fail', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 })), (chunks) => {
        const reader = createStreamUsage(rule, row)
        for (const chunk of chunks) reader.push(chunk)
        expect(unitsOf(reader.used(true))).toBeUndefined()
      }),
    )
  })
})
