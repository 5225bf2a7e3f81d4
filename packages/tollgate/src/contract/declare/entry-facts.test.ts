import { describe, expect, expectTypeOf, it } from 'vitest'
import { sampleDeclaration, sampleEntry } from '../../testing/sample-contract.ts'
import { typicalFacts } from '../../testing/typical-facts.ts'
import { catalog } from '../../catalog/index.ts'
import { defineContract, parseContract } from './define-contract.ts'
import { factFaults } from './fact-faults.ts'
import type { Facts, Money } from './facts.ts'
import type { FactsOf, SaidDetailsOf } from './inferred.ts'
import { RefusalError } from './refusal-error.ts'
import { serverReasons } from './reason.ts'

const shop = defineContract({
  name: 'shop',
  title: 'Shop',
  envelope: { error: { code: '$code', message: '$message', details: '$details' } },
  entries: {
    short: { ...sampleEntry, code: 'SHORT', status: 402, reason: 'credit.insufficient', message: 'Costs {price:money}.', details: { price: 'money from required', purse: 'money from balance', currency: 'string' }, attributes: { currency: 'EUR' } },
    slow: {
      ...sampleEntry, code: 'SLOW', status: 429, reason: 'rate.limited', retry: 'wait',
      message: ['{used} of {limit}, {meter}.', 'Slow down.'],
      details: { limit: 'integer', plan: 'string|null', again: 'timestamp? from resetAtMs', status: 'string? from state', tags: 'strings?' },
    },
    failed: { ...sampleEntry, alsoFor: serverReasons.filter((reason) => !['internal', 'credit.insufficient', 'rate.limited'].includes(reason)) },
  },
})
type Shop = typeof shop
const money: Money = { units: 150, scale: 2 }

function faultOf(refuse: () => unknown): string {
  try {
    refuse()
  } catch (error) {
    if (error instanceof RefusalError) return error.message.replace('contract "shop" cannot refuse with ', '')
    throw error
  }
  return 'nothing is wrong'
}

describe('the compiler and the running program agree in which facts an entry takes:', () => {
  it('those that its details come from, what its message names, and the wait', () => {
    expect(shop.refuse('short', { required: 0.5, balance: money })).toMatchObject({ entry: 'short', reason: 'credit.insufficient', facts: { required: 0.5, balance: money } })
    expect(shop.refuse('slow', { limit: 5, used: 6, meter: 'calls', plan: null, resetAtMs: 5, state: 'expired', tags: ['a'], retryAfterMs: 1_000 })).toMatchObject({ entry: 'slow' })
    expect(shop.refuse('slow', { limit: 5, plan: undefined, waitHelps: false })).toMatchObject({ facts: { limit: 5 } })
    expect(shop.refuse('failed')).toMatchObject({ reason: 'internal', facts: {} })
    expect(shop.refuse('failed', { issue: 'x' }, { cause: new Error('y'), source: 'upstream' })).toMatchObject({ source: 'upstream', entry: 'failed' })
  })

  it('not one that is missing', () => {
    // @ts-expect-error "balance" is missing
    expect(faultOf(() => shop.refuse('short', { required: money }))).toBe('"short": "balance" is missing; give an amount: { units, scale }, or a number of major units')
    // @ts-expect-error all facts are missing
    expect(faultOf(() => shop.refuse('slow'))).toBe('"slow": "limit" is missing; give an integer')
  })

  it('not one that the entry does not know', () => {
    // @ts-expect-error a slip of "balance"
    expect(faultOf(() => shop.refuse('short', { required: money, balence: money }))).toBe(
      '"short": "balence" is no fact of it; did you mean "balance"?; also "balance" is missing; give an amount: { units, scale }, or a number of major units',
    )
    // @ts-expect-error the name on the wire, not that of the fact
    expect(faultOf(() => shop.refuse('short', { required: money, purse: 1 }))).toContain('"purse" is no fact of it; say it as "balance"')
    // @ts-expect-error an attribute is not told
    expect(faultOf(() => shop.refuse('short', { required: money, balance: money, currency: 'USD' }))).toBe('"short": "currency" is no fact of it; it has required, balance, retryAfterMs, resetAtMs, waitHelps, field, issue, rule, fields, issues, allow')
    // @ts-expect-error a name of every object
    expect(faultOf(() => shop.refuse('failed', { constructor: 'x' }))).toContain('"constructor" is no fact of it')
  })

  it('not one of another type', () => {
    // @ts-expect-error an integer is no text
    expect(faultOf(() => shop.refuse('slow', { limit: 'many' }))).toBe('"slow": "limit" is "many"; give an integer')
    // @ts-expect-error an amount is no list
    expect(faultOf(() => shop.refuse('short', { required: [1], balance: money }))).toBe('"short": "required" is a list; give an amount: { units, scale }, or a number of major units')
    // @ts-expect-error an instant is told in milliseconds
    expect(faultOf(() => shop.refuse('slow', { limit: 1, resetAtMs: '2026-01-01T00:00:00Z' }))).toBe('"slow": "resetAtMs" is "2026-01-01T00:00:00Z"; give milliseconds')
    // @ts-expect-error the promised is never null
    expect(faultOf(() => shop.refuse('slow', { limit: null }))).toBe('"slow": "limit" is null; give an integer')
    // @ts-expect-error a state of the closed vocabulary
    expect(faultOf(() => shop.refuse('slow', { limit: 1, state: 'asleep' }))).toBe('nothing is wrong')
  })

  it('what only the running program sees: a fraction, too long a text', () => {
    expect(faultOf(() => shop.refuse('slow', { limit: 1.5 }))).toBe('"slow": "limit" is 1.5; give an integer')
    expect(faultOf(() => shop.refuse('slow', { limit: 1, retryAfterMs: Number.NaN }))).toBe('"slow": "retryAfterMs" is NaN; give milliseconds')
    expect(faultOf(() => shop.refuse('slow', { limit: 'x'.repeat(500) as never })).length).toBeLessThan(120)
  })
})

it('a contract that came from a file takes any fact, and is held to its entries as it runs', () => {
  const parsed = parseContract(sampleDeclaration({ slow: { ...sampleEntry, reason: 'rate.limited', details: { limit: 'integer' } } }))
  if (!parsed.ok) throw new Error('it is a contract')
  expectTypeOf(parsed.contract.refuse).toBeCallableWith('anything', { any: 1 })
  expect(parsed.contract.refuse('slow', { limit: 1 }).reason).toBe('rate.limited')
  expect(() => parsed.contract.refuse('slow', { limit: 1, plan: 'x' })).toThrow(RefusalError)
})

it('types of facts and of details are told apart: a fact has its own unit, a detail the name and the unit of the wire', () => {
  expectTypeOf<FactsOf<Shop, 'slow'>['resetAtMs']>().toEqualTypeOf<number | undefined>()
  expectTypeOf<SaidDetailsOf<Shop, 'slow'>['again']>().toEqualTypeOf<string | undefined>()
  expectTypeOf<FactsOf<Shop, 'slow'>['state']>().toEqualTypeOf<Facts['state']>()
  expectTypeOf<SaidDetailsOf<Shop, 'slow'>['state']>().toEqualTypeOf<string | number | boolean | readonly string[] | undefined>()
  expectTypeOf<SaidDetailsOf<Shop, 'slow'>>().not.toHaveProperty('status')
  expectTypeOf<SaidDetailsOf<Shop, 'short'>['price']>().toEqualTypeOf<Money | number | `${number}`>()
  expectTypeOf<FactsOf<Shop, 'failed'>>().not.toHaveProperty('limit')
})

it('what the gateway fills in is never refused by an entry that shows it', () => {
  for (const contract of Object.values(catalog)) {
    for (const entry of contract.entries.values()) {
      const details = contract.detailsOf(entry.id)
      const typical = typicalFacts(entry, 1_000_000)
      const told = Object.fromEntries(details.filter(({ name }) => !Object.hasOwn(entry.attributes ?? {}, name)).map(({ name, from }) => [from ?? name, typical[from ?? name]]))
      expect([contract.name, entry.id, factFaults(entry, details, told, 'fact')]).toEqual([contract.name, entry.id, []])
    }
  }
})
