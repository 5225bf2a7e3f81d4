import { describe, expect, it } from 'vitest'
import { sampleDeclaration, sampleEntry } from '../../testing/sample-contract.ts'
import type { EntryDeclaration } from '../declare/declaration.ts'
import { parseContract } from '../declare/define-contract.ts'
import { formatContractProblem } from './contract-error.ts'

const slow = { ...sampleEntry, code: 'SLOW', status: 429, reason: 'rate.limited', message: 'Slow down.' } as const satisfies EntryDeclaration
const quota = { ...sampleEntry, code: 'QUOTA', status: 429, reason: 'quota.exhausted', message: 'Used up.' } as const satisfies EntryDeclaration

function problemsOf(entries: { readonly [id: string]: { readonly [member: string]: unknown } }, more: object = {}): readonly string[] {
  const parsed = parseContract({ ...sampleDeclaration(entries as unknown as { readonly [id: string]: EntryDeclaration }), ...more })
  return parsed.ok ? [] : parsed.problems.map(formatContractProblem)
}

it('what an entry is read by has a shape', () => {
  expect(problemsOf({ slow: { ...slow, read: '' } })).toEqual([expect.stringContaining('entries.slow.read: "" is empty')])
  expect(problemsOf({ slow: { ...slow, read: {} } })).toEqual([expect.stringContaining('entries.slow.read: {} is empty')])
  expect(problemsOf({ slow: { ...slow, read: { mesage: 'x' } } })).toEqual(['entries.slow.read.mesage: is not known here; did you mean "message"?'])
  expect(problemsOf({ slow: { ...slow, read: { status: '5x' } } })).toEqual(['entries.slow.read.status: "5x" is not one of the known values; did you mean "5xx"?'])
  expect(problemsOf({ slow: { ...slow, read: { status: [503, 42] } } })).toEqual(['entries.slow.read.status[1]: 42 is out of range; use at least 200, at most 599'])
  expect(problemsOf({ slow: { ...slow, sentAs: 204 } })).toEqual(['entries.slow.sentAs: 204 cannot carry a body; use another status'])
  expect(problemsOf({ slow: { ...slow, read: { message: ['Slow*', 'Fast*'], code: ['S*', 5], status: [503, '4xx'] } } })).toEqual([])
})

it('a sentence says something', () => {
  for (const pattern of ['*', '**', '*: *']) expect(problemsOf({ slow: { ...slow, read: { message: ['Slow*', pattern] } } })).toEqual([`entries.slow.read.message: "${pattern}" fits any sentence; name words of it: "Max rate limit*"`])
})

describe('an entry fits its own sentence', () => {
  const mend = 'let it fit each of its sentences (a list of patterns will do), and the description, where the last one has figures'

  it('each that it may say', () => {
    expect(problemsOf({ slow: { ...slow, read: 'slow*' } })).toEqual([`entries.slow.read: "slow*" does not fit what the entry says itself: "Slow down."; ${mend}`])
    expect(problemsOf({ slow: { ...slow, message: ['At most {limit}.', 'Slow down.'], read: 'Slow*' } })).toEqual([`entries.slow.read: "Slow*" does not fit what the entry says itself: "At most 0."; ${mend}`])
    expect(problemsOf({ slow: { ...slow, message: ['At most {limit}.', 'Slow down.'], read: ['Slow*', 'At most*'] } })).toEqual([])
  })

  it('also what it says where a promised figure is missing', () => {
    const entry = { ...slow, message: 'At most {limit}.', details: { limit: 'integer' }, read: 'At most*' }
    expect(problemsOf({ slow: entry })).toEqual([`entries.slow.read: "At most*" does not fit what the entry says itself: "Something failed."; ${mend}`])
    expect(problemsOf({ slow: { ...entry, message: 'At most {code}.', details: {} } })).toEqual([])
    expect(problemsOf({ slow: { ...entry, message: 'Slow down. At most {limit}.', read: 'Slow down.*' } })).toEqual([])
  })

  it('but not in a dialect that is only read', () => {
    expect(problemsOf({ slow: { ...slow, read: 'rate*' } }, { decodeOnly: true })).toEqual([])
  })
})

describe('no two entries claim the same reading', () => {
  const codeless = { failed: { ...sampleDeclaration({ slow, quota }).entries['failed'], code: '' } }
  const envelope = { error: { message: '$message' } }
  const both = (one: object, other: object) => problemsOf({ slow: { ...slow, code: '', ...one }, quota: { ...quota, code: '', ...other }, ...codeless }, { envelope, entries: { slow: { ...slow, code: '', ...one }, quota: { ...quota, code: '', retry: 'never', ...other }, ...codeless } })

  it('by a sentence', () => {
    const message = 'Limit reached.'
    expect(both({ message, read: 'Limit*' }, { message, read: ['Limit*', 'Over*'] })).toEqual(['entries.quota.read: "Limit*" is claimed by "slow" too; let one of them have it'])
    expect(both({ read: 'Slow*' }, { read: 'Used*' })).toEqual([])
    expect(both({ message, read: 'Limit*' }, { message, status: 402, read: 'Limit*' })).toEqual([])
  })

  it('by a range', () => {
    expect(both({ read: { status: '5xx' } }, { read: { status: '5xx' } })).toEqual(['entries.quota.read.status: "5xx" is claimed by "slow" too; let one of them have it'])
    expect(both({ message: 'Slow.', read: { message: 'Slow*', status: '5xx' } }, { message: 'Used.', read: { message: 'Used*', status: '5xx' } })).toEqual([])
  })

  it('by a code', () => {
    const coded = (one: object, other: object) => problemsOf({ slow: { ...slow, ...one }, quota: { ...quota, ...other } })
    expect(coded({ read: { code: 'L*' } }, { read: { code: ['Q*', 'L*'] } })).toEqual(['entries.quota.read.code: "L*" is claimed by "slow" too; let one of them have it'])
    expect(coded({ read: { code: 'L*' } }, { read: { code: 'LI*' } })).toEqual([])
    expect(coded({ read: { code: 'QUOTA' } }, {})).toEqual(['entries.slow.read.code: "QUOTA" is the code of "quota", which is read before any pattern; leave it out'])
  })
})
