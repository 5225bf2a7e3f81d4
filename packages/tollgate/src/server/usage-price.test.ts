import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { UsageRule } from './step-options.ts'
import { createStreamUsage, usageUnits } from './usage-price.ts'

const rule: UsageRule = { per: 1_000, amounts: { 'usage.prompt_tokens': 3, 'usage.completion_tokens': { column: 'output' } } }
const row = { output: 6 }
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
        expect(reader.units(true)).toBe(7)
      }),
    )
  })

  it('that broke off before any figure costs its events, where they have a price', () => {
    const delivered = encode('data: {"choices":[{}]}\n\ndata: {"choices":[{}]}\n\ndata: {"cho')
    const priced = createStreamUsage({ ...rule, perEvent: 2 }, row)
    const unpriced = createStreamUsage(rule, row)
    for (const reader of [priced, unpriced]) reader.push(delivered)
    expect(priced.units(false)).toBe(4)
    expect(unpriced.units(false)).toBeUndefined()
  })

  it('an endless line is passed over, in bounded memory, and the stream is read on', () => {
    const reader = createStreamUsage(rule, row)
    for (let at = 0; at < 1_000; at += 1) reader.push(encode('x'.repeat(1_000)))
    reader.push(encode('\n\ndata: {"usage":{"prompt_tokens":1000}}\n\n'))
    expect(reader.units(true)).toBe(3)
  })

  it.each([
    ['line feeds', '\n'],
    ['carriage returns', '\r'],
    ['both', '\r\n'],
  ])('is the same whether its lines end with %s', (_, end) => {
    const reader = createStreamUsage({ ...rule, perEvent: 2 }, row)
    for (const byte of encode(`data: {}${end}${end}data: {"usage":{"prompt_tokens":1000,${end}data: "completion_tokens":0}}${end}${end}`)) reader.push(Uint8Array.of(byte))
    expect(reader.units(false)).toBe(3)
  })

  it('that broke off after some figures costs these, and each event that came after them', () => {
    const delivered = encode('data: {}\n\ndata: {"usage":{"prompt_tokens":1000}}\n\ndata: {}\n\ndata: {}\n\n')
    const priced = createStreamUsage({ ...rule, perEvent: 2 }, row)
    const unpriced = createStreamUsage(rule, row)
    for (const reader of [priced, unpriced]) reader.push(delivered)
    expect(priced.units(false)).toBe(3 + 2 * 2)
    expect(unpriced.units(false)).toBeUndefined()
    expect(priced.units(true)).toBe(3)
  })

  it('counts an event that is too long to be read, and one whose empty line is missing at the end', () => {
    const reader = createStreamUsage({ ...rule, perEvent: 2 }, row)
    reader.push(encode(`data: {"usage":{"prompt_tokens":1000}}\n\ndata: "${'x'.repeat(300_000)}"\n\ndata: {}`))
    expect(reader.units(false)).toBe(3 + 2)
    expect(reader.units(true)).toBe(3 + 2 * 2)
  })

  it('that is whole and has no event, or a figure that is no count, says nothing', () => {
    for (const text of ['', ': comment\n\n', '{"usage":{"prompt_tokens":1000}}\n', 'data: {"usage":{"prompt_tokens":1000,"completion_tokens":"9"}}\n\n']) {
      const reader = createStreamUsage({ ...rule, perEvent: 2 }, row)
      reader.push(encode(text))
      expect(reader.units(true)).toBeUndefined()
    }
  })

  it('no bytes make it fail', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 })), (chunks) => {
        const reader = createStreamUsage(rule, row)
        for (const chunk of chunks) reader.push(chunk)
        expect(reader.units(true)).toBeUndefined()
      }),
    )
  })
})
