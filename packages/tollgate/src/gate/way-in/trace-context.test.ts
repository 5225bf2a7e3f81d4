import { describe, expect, it } from 'vitest'
import { mintTraceContext, readTraceContext } from './trace-context.ts'

const trace = '0af7651916cd43dd8448eb211c80319c'
const parent = 'b7ad6b7169203331'

describe('traceparent', () => {
  it.each([
    [`00-${trace}-${parent}-01`, true],
    [`00-${trace}-${parent}-ff`, true],
    [`01-${trace}-${parent}-01-what-the-future-brings`, true],
    [`01-${trace}-${parent}-01`, true],
    [`00-${trace}-${parent}-01-more`, false],
    [`00-${trace}-${parent}-01-`, false],
    [`01-${trace}-${parent}-01.more`, false],
    [`ff-${trace}-${parent}-01`, false],
    [`00-${trace.toUpperCase()}-${parent}-01`, false],
    [`00-${'0'.repeat(32)}-${parent}-01`, false],
    [`00-${trace}-${'0'.repeat(16)}-01`, false],
    [`00-${trace}-${parent}`, false],
    [`00-${trace}-${parent}-01, 00-${trace}-${parent}-01`, false],
    ['', false],
  ])('%s is valid: %s', (traceparent, valid) => {
    expect(readTraceContext(['Traceparent', traceparent])).toEqual(valid ? { traceId: trace, headers: ['traceparent', traceparent] } : undefined)
  })

  it('sent twice is none, and its state means nothing without it', () => {
    const valid = `00-${trace}-${parent}-01`
    expect(readTraceContext(['traceparent', valid, 'traceparent', valid])).toBeUndefined()
    expect(readTraceContext(['tracestate', 'a=b'])).toBeUndefined()
    expect(readTraceContext(['tracestate', 'a=b', 'traceparent', valid, 'Tracestate', 'c=d'])).toEqual({ traceId: trace, headers: ['traceparent', valid, 'tracestate', 'a=b, c=d'] })
  })

  it('a minted one is valid, and made of the given randomness', () => {
    const minted = mintTraceContext((count) => Uint8Array.from({ length: count }, (_, at) => at + 1))
    expect(minted).toEqual({ traceId: '0102030405060708090a0b0c0d0e0f10', headers: ['traceparent', '00-0102030405060708090a0b0c0d0e0f10-1112131415161718-01'] })
    expect(readTraceContext(minted.headers)).toEqual(minted)
  })
})
