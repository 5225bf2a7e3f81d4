/** APIs without codes: nothing of them is promised, and what is then told by nothing is said to who writes the contract. */
import { expect, expectTypeOf, it } from 'vitest'
import { toReceivedHeaders } from '../read/received-headers.ts'
import { checkContract } from '../check/check-contract.ts'
import type { EntryDeclaration } from './declaration.ts'
import { defineContract } from './define-contract.ts'
import type { CodeOf } from './inferred.ts'
import { serverReasons } from './reason.ts'
import { refuse } from './refusal.ts'

const context = { requestId: 'r1', nowMs: 0 }
const declaration = {
  name: 'codeless', title: 'Codeless', authenticate: 'ApiKey', envelope: { error: { error: '$message' } },
  entries: {
    failed: { status: 500, reason: 'internal', alsoFor: serverReasons.filter((reason) => !['internal', 'rate.limited', 'credential.missing', 'credential.invalid'].includes(reason)), message: 'It failed.', description: 'It failed.' },
    slow: { status: 429, reason: 'rate.limited', message: 'Too fast.', description: 'Too fast.' },
    keyless: { status: 401, reason: 'credential.missing', message: 'No key.', description: 'No key.', read: 'No key.' },
    unknown: { status: 401, reason: 'credential.invalid', message: 'Wrong key {keyId}.', details: { keyId: 'string' }, description: 'Wrong key.', read: 'Wrong key*' },
  },
} as const
const problemsOf = (entries: { readonly [id: string]: EntryDeclaration }) => checkContract({ ...declaration, entries: { ...declaration.entries, ...entries } }).problems.map(({ path, problem, mend }) => `${path}: ${problem}; ${mend}`)

it('an entry needs no code where its envelope has none', () => {
  const contract = defineContract(declaration)
  expectTypeOf<CodeOf<typeof contract>>().toEqualTypeOf<''>()
  expect(contract.loss).toEqual({ members: ['details'], entries: {} })
  for (const [id, { reason }] of Object.entries(declaration.entries)) {
    const { status, headers, body } = contract.answer(refuse(reason, { keyId: 'k' }, { entry: id }), context)
    expect(contract.read({ status, headers: toReceivedHeaders(headers), body })).toMatchObject({ entry: id, code: '' })
  }
})

it('what is then told from another by nothing is said, with what would tell it', () => {
  const { read: _read, ...unread } = declaration.entries.unknown
  const { read: _also, ...keyless } = declaration.entries.keyless
  const told = 'entries.unknown: is told from "keyless" by nothing: neither has a code, and status, attributes and sentences to be read by are the same; give them sentences (read: "Wrong key *."), or say of one that it is read for both (primary: true)'
  expect(problemsOf({ unknown: unread, keyless })).toEqual([told])
  expect(problemsOf({ unknown: { ...unread, primary: true }, keyless })).toEqual([])
  expect(problemsOf({ unknown: { ...unread, sentAs: 403 }, keyless })).toEqual([])
  // Who writes that it is sent without one has noticed.
  expect(problemsOf({ unknown: { ...unread, code: '' }, keyless: { ...keyless, code: '' } })).toEqual([])
})
