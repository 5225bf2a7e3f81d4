import { describe, expect, it } from 'vitest'
import { fromWire, parseDetail, toWire, type Detail } from './details.ts'
import type { Facts, JsonValue } from './facts.ts'

function detail(declaration: string, name = 'x'): Detail {
  const parsed = parseDetail(name, declaration)
  if (parsed.kind === 'fault') throw new Error(parsed.fault.problem)
  return parsed.detail
}

function wire(declaration: string, facts: Facts, name = 'x'): JsonValue | undefined {
  return toWire(detail(declaration, name), facts, undefined)
}

describe('a declaration', () => {
  it('says type, what happens when it is unknown, and the fact it comes from', () => {
    expect(detail('timestamp? from resetAtMs')).toEqual({ name: 'x', type: 'timestamp', whenUnknown: 'absent', from: 'resetAtMs' })
    expect(detail('string|null')).toEqual({ name: 'x', type: 'string', whenUnknown: 'null', from: undefined })
    expect(detail('integer')).toEqual({ name: 'x', type: 'integer', whenUnknown: 'required', from: undefined })
  })

  it('that is wrong is told how to be mended', () => {
    expect(parseDetail('x', 'timestmp? from resetAtMs')).toMatchObject({ fault: { problem: 'is not a detail type', mend: 'did you mean "timestamp"?' } })
    expect(parseDetail('x', 'constructor').kind).toBe('fault')
    expect(parseDetail('x', 'integer from').kind).toBe('fault')
    expect(parseDetail('x', 'unix from reset_time')).toMatchObject({ fault: { mend: 'name a fact that ends in "Ms"' } })
  })
})

describe('a fact becomes its wire value', () => {
  it('times change their unit', () => {
    expect(wire('timestamp from resetAtMs', { resetAtMs: Date.UTC(2024, 0, 2) })).toBe('2024-01-02T00:00:00Z')
    expect(wire('unix from resetAtMs', { resetAtMs: 1_640_995_199_001 })).toBe(1_640_995_200)
    expect(wire('seconds from retryAfterMs', { retryAfterMs: 29_001 })).toBe(30)
    expect(wire('seconds from retryAfterMs', { retryAfterMs: 0 })).toBe(1)
  })

  it('money becomes an exact number', () => {
    expect(wire('money from balance', { balance: { units: 5, scale: 3 } })).toBe(0.005)
    expect(wire('money', { balance: { units: 5050, scale: 2 } }, 'balance')).toBe(50.5)
    expect(wire('integer from balance', { balance: { units: 500, scale: 2 } })).toBe(5)
    expect(wire('digits from balance', { balance: { units: 25, scale: 0 } })).toBe('25')
    expect(wire('integer? from balance', { balance: { units: 5050, scale: 2 } })).toBeUndefined()
  })

  it('a fact under the wire name wins and is taken in wire form', () => {
    expect(wire('unix from resetAtMs', { reset_time: 1_640_995_200, resetAtMs: 5 }, 'reset_time')).toBe(1_640_995_200)
    expect(wire('seconds from retryAfterMs', { retry_after: 7, retryAfterMs: 99_000 }, 'retry_after')).toBe(7)
  })

  it('a fact of the wrong type is as good as none', () => {
    expect(wire('integer', { x: 'five' })).toBeUndefined()
    expect(wire('integer', { x: 0.5 })).toBeUndefined()
    expect(wire('timestamp from resetAtMs', { x: 'soon', resetAtMs: Number.NaN })).toBeUndefined()
    expect(wire('unix from resetAtMs', { resetAtMs: 1e19 })).toBeUndefined()
    expect(wire('seconds from retryAfterMs', { retryAfterMs: Infinity })).toBeUndefined()
    expect(wire('money|null', { x: { units: 0.5, scale: 2 } })).toBeNull()
  })

  it('simple facts take the form that is declared', () => {
    expect(wire('string', { x: 42 })).toBe('42')
    expect(wire('string', { x: ['read', 'write'] })).toBe('read, write')
    expect(wire('strings', { x: 'read' })).toEqual(['read'])
    expect(wire('digits', { x: 12 })).toBe('12')
    expect(wire('integer', { x: -0 })).toBe(0)
  })

  it('any JSON is copied, and what is not JSON cannot get in', () => {
    const cyclic: { [name: string]: JsonValue } = {}
    cyclic['self'] = cyclic
    expect(wire('json', { x: { a: [1, null] } })).toEqual({ a: [1, null] })
    expect(wire('json', { x: cyclic })).toBeUndefined()
    expect(wire('json', { x: Number.NaN })).toBeUndefined()
    expect(wire('json', { x: 1n as never })).toBeUndefined()
    expect(wire('json', { x: (() => 1) as never })).toBeUndefined()
    expect(wire('json', { x: { units: 150, scale: 2 } })).toBe(1.5)
  })

  it('unknown means left out, absent or null, as declared', () => {
    expect(wire('string', {})).toBeUndefined()
    expect(wire('string?', {})).toBeUndefined()
    expect(wire('string|null', {})).toBeNull()
  })

  it('a constant of the entry stands where no fact does', () => {
    expect(toWire(detail('string', 'reason'), {}, { reason: 'in_progress' })).toBe('in_progress')
    expect(toWire(detail('string', 'constructor'), {}, {})).toBeUndefined()
  })
})

it('a wire value of another type than declared is treated as absent', () => {
  const right: readonly (readonly [string, JsonValue])[] = [
    ['string', 'x'], ['integer', 5], ['number', 0.5], ['boolean', false], ['strings', ['a']], ['money', 50.5], ['timestamp', '2024-01-02T00:00:00Z'],
    ['unix', 5], ['seconds', 0], ['digits', '-12'], ['json', { a: 1 }], ['json', null], ['string|null', null],
  ]
  const wrong: readonly (readonly [string, JsonValue])[] = [
    ['string', 5], ['string', null], ['integer', '5'], ['integer', 2 ** 60], ['number', '1'], ['boolean', 'true'], ['strings', ['a', 1]], ['money', '50.5'],
    ['timestamp', 'now'], ['unix', -1], ['seconds', -0.5], ['seconds', '5'], ['digits', 12], ['digits', '1e5'], ['string?', null],
  ]
  for (const [declaration, value] of right) expect({ declaration, read: fromWire(detail(declaration), value) }).toEqual({ declaration, read: value })
  for (const [declaration, value] of wrong) expect({ declaration, read: fromWire(detail(declaration), value) }).toEqual({ declaration, read: undefined })
})

it('a wait with a fraction is read as the next whole second, never less', () => {
  expect(fromWire(detail('seconds'), 577.375)).toBe(578)
  expect(fromWire(detail('seconds'), 2 ** 60)).toBeUndefined()
})
