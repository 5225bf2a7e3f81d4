import { describe, expect, expectTypeOf, it } from 'vitest'
import { sampleDeclaration, sampleEntry } from '../../testing/sample-contract.ts'
import type { Contract } from './contract.ts'
import type { EntryDeclaration } from './declaration.ts'
import { defineContract, parseContract } from './define-contract.ts'
import type { CodeOf, DetailsOf, EntryId } from './inferred.ts'
import { refuse } from './refusal.ts'
import { serverReasons } from './reason.ts'
import type { ReadError } from './wire.ts'

const contract = defineContract({
  name: 'inferred',
  title: 'Inferred',
  envelope: { error: { code: '$code', details: '$details' } },
  entries: {
    short: { ...sampleEntry, code: 18020, status: 402, reason: 'credit.insufficient', details: { balance: 'money', until: 'timestamp? from untilMs', plan: 'string|null', tags: 'strings? from scopes' } },
    failed: { ...sampleEntry, alsoFor: serverReasons.filter((reason) => reason !== 'internal' && reason !== 'credit.insufficient') },
  },
})
type C = typeof contract
const read = (body: unknown) => contract.read({ status: 402, headers: {}, body: JSON.stringify(body) })

describe('from a declaration follow', () => {
  it('ids, codes and details', () => {
    expectTypeOf<EntryId<C>>().toEqualTypeOf<'short' | 'failed'>()
    expectTypeOf<CodeOf<C>>().toEqualTypeOf<18020 | 'FAILED'>()
    expectTypeOf<DetailsOf<C, 'short'>>().toExtend<{ readonly balance: number; readonly plan: string | null; readonly until?: string; readonly tags?: readonly string[] }>()
    expectTypeOf<{ balance: number; plan: null }>().toExtend<DetailsOf<C, 'short'>>()
    expectTypeOf<{ balance: string; plan: null }>().not.toExtend<DetailsOf<C, 'short'>>()
    expectTypeOf<DetailsOf<C, 'failed'>>().toEqualTypeOf<{ readonly [name: string]: never }>()
    expect([...contract.entries.keys()]).toEqual(['short', 'failed'])
  })

  it('what is read: the entry tells code and details, each of which may be missing', () => {
    const error = read({ code: 18020, details: { balance: 5, plan: 7, more: true } })
    if (error?.entry !== 'short') throw new Error('it is read as its entry')
    expectTypeOf(error.code).toEqualTypeOf<18020>()
    expectTypeOf(error.details).toEqualTypeOf<{ readonly balance?: number; readonly until?: string; readonly plan?: string | null; readonly tags?: readonly string[] }>()
    // @ts-expect-error a slip of "balance"
    expect(error.details.balence).toBeUndefined()
    // What has not its declared type counts as missing: the types are true of whatever was sent.
    expect(error.details).toEqual({ balance: 5, more: true })
  })

  it('what is read of an unknown code: as little as is known', () => {
    const error = read({ code: 'NEW', details: { any: 1 } })
    if (error?.entry !== undefined) throw new Error('no entry has this code')
    expectTypeOf(error?.code).toEqualTypeOf<string | number | undefined>()
    expect(error).toMatchObject({ code: 'NEW', details: { any: 1 } })
  })

  it('the entries by which it can refuse', () => {
    const facts = { balance: { units: 150, scale: 2 }, plan: 'free' }
    expect(contract.refuse('short', facts, { cause: 'x' })).toEqual(refuse('credit.insufficient', facts, { entry: 'short', cause: 'x' }))
    // @ts-expect-error a slip of "short"
    expect(() => contract.refuse('shorts')).toThrow('contract "inferred" cannot refuse with "shorts": there is no such entry; did you mean "short"?')
    // @ts-expect-error a name of every object, and of no entry
    expect(() => contract.refuse('constructor')).toThrow('it has short, failed')
  })
})

it('any contract is a contract, also one whose declaration is not known', () => {
  const plain: Contract = contract
  const parsed = parseContract(sampleDeclaration())
  expectTypeOf<C>().toExtend<Contract>()
  expectTypeOf<ReturnType<Contract['read']>>().toEqualTypeOf<ReadError | undefined>()
  expect([plain, parsed.ok ? parsed.contract : undefined].map((each) => each?.refuse('failed').reason)).toEqual(['internal', 'internal'])
})

it('a wrong detail does not compile', () => {
  // @ts-expect-error "timestmp" is no detail type
  const entry: EntryDeclaration = { ...sampleEntry, details: { reset_at: 'timestmp? from resetAtMs' } }
  const parsed = parseContract(sampleDeclaration({ odd: entry }))
  expect(parsed.ok ? [] : parsed.problems.map(({ path }) => path)).toContain('entries.odd.details.reset_at')
})
