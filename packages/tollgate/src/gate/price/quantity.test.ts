import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PriceRule } from '../steps/step-options.ts'
import { countOf, priceOf, type Figures } from './quantity.ts'

const figures = (json: unknown = {}, row: Figures['row'] = undefined, query: { readonly [name: string]: readonly string[] } = {}): Figures => ({ json, row, leasedUnits: () => 4, parameter: (name) => query[name] ?? [] })
const reasonOf = (counted: ReturnType<typeof countOf>) => (counted.kind === 'refused' ? counted.reason : undefined)

describe('a price', () => {
  const perIpDay: PriceRule = { amount: { kind: 'column', column: 'price' }, times: [{ kind: 'field', path: 'config.quantity' }, { kind: 'field', path: 'config.duration_days' }] }

  it('is the product of amount and quantities, in whole units', () => {
    expect(priceOf(perIpDay, figures({ config: { quantity: 3, duration_days: 30 } }, { price: 15 }))).toEqual({ kind: 'found', units: 1_350 })
    expect(priceOf({ amount: 7 }, figures())).toEqual({ kind: 'found', units: 7 })
    expect(priceOf({ amount: 2, times: [{ kind: 'leased', meter: 'stock' }, 5] }, figures())).toEqual({ kind: 'found', units: 40 })
  })

  it('counts every started unit', () => {
    expect(priceOf({ amount: 1_000, times: [{ kind: 'field', path: 'seconds', per: 120 }] }, figures({ seconds: 121 }))).toEqual({ kind: 'found', units: 2_000 })
    expect(priceOf({ amount: 1, times: [{ kind: 'length', path: 'script', per: 3 }] }, figures({ script: 'ab🎬c' }))).toEqual({ kind: 'found', units: 2 })
  })

  it('counts a parameter of the query, which must be a whole number, given once', () => {
    const price = { amount: 5, times: [{ kind: 'query', parameter: 'limit', per: 10, default: 20 }] } as const
    expect([[], ['7'], ['21'], ['']].map((given) => priceOf(price, figures({}, undefined, { limit: given })))).toEqual([{ kind: 'found', units: 10 }, { kind: 'found', units: 5 }, { kind: 'found', units: 15 }, { kind: 'found', units: 10 }])
    for (const given of [['-1'], ['1.5'], ['1e3'], ['0x10'], [' 1'], ['99999999999999999'], ['1', '2']]) {
      expect(priceOf(price, figures({}, undefined, { limit: given }))).toMatchObject({ reason: 'field.invalid', facts: { field: 'limit', in: 'query' } })
    }
    expect(reasonOf(priceOf({ amount: 5, times: [{ kind: 'query', parameter: 'limit' }] }, figures()))).toBe('field.missing')
  })

  it('takes the default where a field is absent, and asks for it where there is none', () => {
    expect(priceOf({ amount: 5, times: [{ kind: 'field', path: 'quantity', default: 1 }] }, figures({ quantity: null }))).toEqual({ kind: 'found', units: 5 })
    expect(reasonOf(priceOf(perIpDay, figures({}, { price: 15 })))).toBe('field.missing')
  })

  it('of several places takes the first that is there, and names the first where there is none', () => {
    const lengthOf = (json: object) => countOf({ kind: 'length', path: ['voice.script', 'script'], per: 2 }, figures(json))
    expect([lengthOf({ script: 'abc' }), lengthOf({ voice: { script: 'a' }, script: 'abc' }), lengthOf({ voice: { script: null }, script: 'abcde' })]).toEqual([
      { kind: 'found', units: 2 },
      { kind: 'found', units: 1 },
      { kind: 'found', units: 3 },
    ])
    expect(lengthOf({ voice: {} })).toMatchObject({ reason: 'field.missing', facts: { field: 'voice.script' } })
    expect(lengthOf({ script: 7 })).toMatchObject({ reason: 'field.invalid', facts: { field: 'script' } })
    expect(countOf({ kind: 'field', path: ['seconds', 'minutes'], default: 4, per: 3 }, figures())).toEqual({ kind: 'found', units: 2 })
  })

  it.each([1.5, -1, '3', true, {}, [2], 2 ** 53])('%j is no quantity', (quantity) => {
    expect(reasonOf(countOf({ kind: 'field', path: 'quantity' }, figures({ quantity })))).toBe('field.invalid')
  })

  it.each([[{}], [{ price: '12,00' }], [{ price: 1.5 }], [{ price: -1 }], [undefined]])('the row %j has no amount: our fault, not the caller’s', (row) => {
    expect(reasonOf(priceOf(perIpDay, figures({ config: { quantity: 1, duration_days: 1 } }, row)))).toBe('internal')
  })

  it('a name from the prototype is no field and no column', () => {
    expect(reasonOf(countOf({ kind: 'field', path: 'constructor' }, figures({})))).toBe('field.missing')
    expect(reasonOf(countOf({ kind: 'column', column: 'constructor' }, figures({}, {})))).toBe('internal')
  })

  it('is exact, or refused: never a number that arithmetic has rounded', () => {
    const safe = fc.nat({ max: Number.MAX_SAFE_INTEGER })
    fc.assert(
      fc.property(safe, safe, fc.integer({ min: 1, max: 1_000_000 }), (amount, count, per) => {
        const exact = BigInt(amount) * ((BigInt(count) + BigInt(per) - 1n) / BigInt(per))
        const price = priceOf({ amount, times: [{ kind: 'field', path: 'n', per }] }, figures({ n: count }))
        const isRepresentable = exact <= BigInt(Number.MAX_SAFE_INTEGER)
        expect(price.kind === 'found' ? price.units : reasonOf(price)).toBe(isRepresentable ? Number(exact) : 'request.invalid')
      }),
    )
  })
})
