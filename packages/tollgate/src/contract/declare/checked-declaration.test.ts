import { expect, expectTypeOf, it } from 'vitest'
import { sampleEntry } from '../../testing/sample-contract.ts'
import type { ContractDeclaration, EntryDeclaration, EnvelopeDeclaration } from './declaration.ts'
import { defineContract } from './define-contract.ts'
import type { PlaceholderOf } from './placeholders.ts'

const entry = { ...sampleEntry, alsoFor: ['account.*', 'capacity.*', 'concurrency.*', 'content.*', 'credential.*', 'credit.*', 'field.*', 'idempotency.*', 'method.*', 'permission.*', 'quota.*', 'rate.*', 'request.*', 'resource.*', 'route.*', 'service.*', 'session.*', 'token.*', 'upstream.*'] } as const
const names = { name: 'slips', title: 'Slips' } as const
const error = { code: '$code', message: '$message' } as const
const contract = { ...names, envelope: { error } } as const

/** Each slip below is one for the compiler too: a comment that expects an error where there is none is an error itself. */
function problemsOf(define: () => unknown): string {
  try {
    define()
  } catch (thrown) {
    return String(thrown)
  }
  return 'no problem'
}

it('a declaration without a slip is taken, also one that was put together', () => {
  const messages: readonly string[] = ['It failed.']
  const plain: EntryDeclaration = { ...sampleEntry, alsoFor: entry.alsoFor }
  expect(problemsOf(() => defineContract({ ...contract, entries: { failed: entry } }))).toBe('no problem')
  expect(problemsOf(() => defineContract({ ...contract, entries: { failed: { ...entry, message: messages } } }))).toBe('no problem')
  expect(problemsOf(() => defineContract({ ...contract, entries: { failed: plain } }))).toBe('no problem')
  expect(problemsOf(() => defineContract({ ...contract, entries: { failed: { ...entry, message: '{{braces}} {n} of {code} {status} {requestId} {n:money}', details: { n: 'integer' } } } }))).toContain('"{n:money}" is no amount')
  const families = { odd: { odd: '$message' } } as const
  expect(problemsOf(() => defineContract({ ...names, envelope: { error: { ...error, price: '$$5', type: '$type?', about: ['$details.n?'], '...': '$details' }, families }, entries: { failed: { ...entry, attributes: { type: 'x' }, details: { n: 'integer?' } }, odd: { ...sampleEntry, reason: 'session.expired', family: 'odd' } } }))).toBe('no problem')
  expect(problemsOf(() => defineContract({ ...names, envelope: { error: '$code: $message', contentType: 'text/plain' }, entries: { failed: entry } }))).toBe('no problem')
})

it('a member that nobody knows, at any level', () => {
  // @ts-expect-error 'nmae' is no member of a contract
  expect(problemsOf(() => defineContract({ ...contract, nmae: 'x', entries: { failed: entry } }))).toContain('nmae: is not known here; did you mean "name"?')
  // @ts-expect-error 'retyr' is no member of an entry
  expect(problemsOf(() => defineContract({ ...contract, entries: { failed: { ...entry, retyr: 'never' } } }))).toContain('entries.failed.retyr: is not known here; did you mean "retry"?')
  // @ts-expect-error 'sucess' is no member of an envelope
  expect(problemsOf(() => defineContract({ ...names, envelope: { error, sucess: { ok: true } }, entries: { failed: entry } }))).toContain('envelope.sucess: is not known here')
  // @ts-expect-error 'dat' is no member of a stream
  expect(problemsOf(() => defineContract({ ...names, envelope: { error, stream: { dat: {} } }, entries: { failed: entry } }))).toContain('envelope.stream.dat: is not known here')
  // @ts-expect-error 'mesage' is no member of read
  expect(problemsOf(() => defineContract({ ...contract, entries: { failed: { ...entry, read: { mesage: 'It*' } } } }))).toContain('entries.failed.read.mesage: is not known here; did you mean "message"?')
  // @ts-expect-error no range of statuses
  expect(problemsOf(() => defineContract({ ...contract, entries: { failed: { ...entry, read: { status: '5x' } } } }))).toContain('entries.failed.read.status')
  expect(problemsOf(() => defineContract({ ...contract, entries: { failed: { ...entry, read: ['It*', 'Something*'] } } }))).toBe('no problem')
  // @ts-expect-error 'prefx' is no member of requestId
  expect(problemsOf(() => defineContract({ ...contract, requestId: { format: 'hex', prefx: 'req_' }, entries: { failed: entry } }))).toContain('requestId.prefx: is not known here')
  // @ts-expect-error 'policy' is no member of rateLimitHeaders
  expect(problemsOf(() => defineContract({ ...contract, rateLimitHeaders: { limit: 'L', remaining: 'R', reset: 'S', resetUnit: 'unix', policy: 'P' }, entries: { failed: entry } }))).toContain('rateLimitHeaders.policy: is not known here')
  // @ts-expect-error 'retrys' is no member of guides
  expect(problemsOf(() => defineContract({ ...contract, guides: { retrys: 'Thrice.' }, entries: { failed: entry } }))).toContain('guides.retrys: is not known here; did you mean "retries"?')
})

it('a word of a closed vocabulary', () => {
  // @ts-expect-error did you mean 'internal'?
  expect(problemsOf(() => defineContract({ ...contract, entries: { failed: { ...entry, reason: 'internl' } } }))).toContain('entries.failed.reason')
  // @ts-expect-error an unknown reason to speak for
  expect(problemsOf(() => defineContract({ ...contract, entries: { failed: { ...entry, alsoFor: ['sesion.*'] } } }))).toContain('entries.failed.alsoFor[0]')
  // @ts-expect-error an unknown action
  expect(problemsOf(() => defineContract({ ...contract, entries: { failed: { ...entry, action: 'call_support' } } }))).toContain('entries.failed.action')
  // @ts-expect-error an unknown retry rule
  expect(problemsOf(() => defineContract({ ...contract, entries: { failed: { ...entry, retry: 'always' } } }))).toContain('entries.failed.retry')
  // @ts-expect-error did you mean 'integer'?
  expect(problemsOf(() => defineContract({ ...contract, entries: { failed: { ...entry, details: { n: 'integr' } } } }))).toContain('entries.failed.details.n')
  // @ts-expect-error a time comes from a fact in milliseconds
  expect(problemsOf(() => defineContract({ ...contract, entries: { failed: { ...entry, details: { at: 'timestamp? from reset' } } } }))).toContain('entries.failed.details.at')
  // @ts-expect-error a failure that no gateway tells
  expect(problemsOf(() => defineContract({ ...contract, entries: { failed: entry, odd: { ...sampleEntry, code: 'ODD', reason: 'upstream.failed', when: { failure: 'garbge' } } } }))).toContain('entries.odd.when.failure')
  // @ts-expect-error an unknown format
  expect(problemsOf(() => defineContract({ ...contract, requestId: { format: 'uuidv4' }, entries: { failed: entry } }))).toContain('requestId.format')
})

it('a name that nothing fills', () => {
  // @ts-expect-error '{limt}' is neither a detail of the entry nor a fact
  expect(problemsOf(() => defineContract({ ...contract, entries: { failed: { ...entry, message: 'At most {limt}.' } } }))).toContain('"{limt}" is neither a detail nor a fact; did you mean "limit"?')
  // @ts-expect-error the same in a list
  expect(problemsOf(() => defineContract({ ...contract, entries: { failed: { ...entry, message: ['{{x}} of {n:money}', 'It failed.'] } } }))).toContain('"{n}" is neither a detail nor a fact')
  // @ts-expect-error '$cod' is filled by nothing
  expect(problemsOf(() => defineContract({ ...names, envelope: { error: { ...error, code: '$cod' } }, entries: { failed: entry } }))).toContain('"$cod" is filled by nothing')
  // @ts-expect-error no entry has this detail
  expect(problemsOf(() => defineContract({ ...names, envelope: { error: { ...error, about: [{ limit: '$details.limt|null' }] } }, entries: { failed: { ...entry, details: { limit: 'integer?' } } } }))).toContain('"$details.limt|null" is filled by nothing')
  // @ts-expect-error 'v2' is not one of envelope.families
  expect(problemsOf(() => defineContract({ ...contract, entries: { failed: { ...entry, family: 'v2' } } }))).toContain('entries.failed.family')
})

it('the same where a part is declared by itself', () => {
  // @ts-expect-error 'retyr' does not exist in an entry
  expect({ ...sampleEntry, retyr: 'never' } satisfies EntryDeclaration).toHaveProperty('retyr')
  // @ts-expect-error 'eror' does not exist in an envelope
  expect({ eror: {} } satisfies EnvelopeDeclaration).toHaveProperty('eror')
  expectTypeOf<ContractDeclaration>().not.toHaveProperty('nmae')
})

it('the placeholders of a message are those that the running program finds', () => {
  expectTypeOf<PlaceholderOf<'{a} and {b:money}, {{c}} {d}'>>().toEqualTypeOf<'a' | 'b' | 'd'>()
  expectTypeOf<PlaceholderOf<readonly ['{a}', 'none', '{b}']>>().toEqualTypeOf<'a' | 'b'>()
  expectTypeOf<PlaceholderOf<string>>().toEqualTypeOf<never>()
})
