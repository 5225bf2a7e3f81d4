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

  it.each([[{}], [undefined], [[]], ['usage'], [usage('7', -1)], [usage(1.5, null)], [{ usage: null }]])('%j says nothing', (answer) => {
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
        expect(reader.units()).toBe(7)
      }),
    )
  })

  it('that broke off before any figure costs its events, where they have a price', () => {
    const delivered = encode('data: {"choices":[{}]}\n\ndata: {"choices":[{}]}\n\ndata: {"cho')
    const priced = createStreamUsage({ ...rule, perEvent: 2 }, row)
    const unpriced = createStreamUsage(rule, row)
    for (const reader of [priced, unpriced]) reader.push(delivered)
    expect(priced.units()).toBe(4)
    expect(unpriced.units()).toBeUndefined()
  })

  it('an endless line is passed over, in bounded memory, and the stream is read on', () => {
    const reader = createStreamUsage(rule, row)
    for (let at = 0; at < 1_000; at += 1) reader.push(encode('x'.repeat(1_000)))
    reader.push(encode('\n\ndata: {"usage":{"prompt_tokens":1000}}\n\n'))
    expect(reader.units()).toBe(3)
  })

  it('no bytes make it fail', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 })), (chunks) => {
        const reader = createStreamUsage(rule, row)
        for (const chunk of chunks) reader.push(chunk)
        expect(reader.units()).toBeUndefined()
      }),
    )
  })
})
