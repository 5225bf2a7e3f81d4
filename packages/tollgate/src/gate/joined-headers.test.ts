import { describe, expect, it } from 'vitest'
import { joinHeaders } from './joined-headers.ts'

describe('the headers of an answer and those of the gateway', () => {
  it('replace those of the same name, whatever its case', () => {
    expect(joinHeaders(['X-Request-ID', 'theirs', 'ETag', '"1"'], ['x-request-id', 'ours'])).toEqual(['ETag', '"1"', 'x-request-id', 'ours'])
  })

  it('are joined where the header is a list of what the answer depends on, or shows', () => {
    expect(joinHeaders(['vary', 'Accept-Encoding, origin', 'VARY', 'Accept'], ['Vary', 'Origin'])).toEqual(['Vary', 'Origin, Accept-Encoding, Accept'])
    expect(joinHeaders(['Access-Control-Expose-Headers', 'X-Total, retry-after'], ['Access-Control-Expose-Headers', 'Retry-After'])).toEqual(['Access-Control-Expose-Headers', 'Retry-After, X-Total'])
  })

  it('say nothing more than that it depends on everything', () => {
    expect(joinHeaders(['Vary', '*'], ['Vary', 'Origin'])).toEqual(['Vary', '*'])
  })

  it('leave alone what they do not speak of', () => {
    expect(joinHeaders(['Vary', 'Accept', 'Set-Cookie', 'a', 'Set-Cookie', 'b'], ['X-A', '1'])).toEqual(['Vary', 'Accept', 'Set-Cookie', 'a', 'Set-Cookie', 'b', 'X-A', '1'])
  })

  it('are without what is dropped', () => {
    expect(joinHeaders(['A', '1', 'B', '2'], ['C', '3'], (name) => name === 'a')).toEqual(['B', '2', 'C', '3'])
  })
})
