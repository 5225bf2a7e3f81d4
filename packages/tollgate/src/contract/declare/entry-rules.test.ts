import { expect, it } from 'vitest'
import { sampleDeclaration } from '../../testing/sample-contract.ts'
import { defineContract } from './define-contract.ts'
import { rulesOfReason } from './entry-rules.ts'
import { serverReasons } from './reason.ts'

const slow = { code: 'SLOW', status: 429, message: 'Slow.', description: 'Too fast.' } as const
const context = { requestId: 'req_1', nowMs: 0 }

it('each reason has rules, its own or those of its family', () => {
  for (const reason of serverReasons) expect(rulesOfReason(reason)).toEqual({ retry: expect.any(String), action: expect.any(String) })
  expect(rulesOfReason('account.not_entitled').action).toBe('request_access')
  expect(rulesOfReason('account.suspended').action).toBe('contact_support')
})

it('an entry that says neither retry nor action takes both from its own reason, and is read with them', () => {
  const contract = defineContract(sampleDeclaration({ slow: { ...slow, reason: 'rate.limited' } }))
  expect(contract.entries.get('slow')).toMatchObject({ retry: 'wait', action: 'wait' })
  const { status, body } = contract.answer(contract.refuse('slow'), context)
  expect(contract.read({ status, headers: {}, body })).toMatchObject({ retry: 'wait', action: 'wait' })
})

it('an entry that says one of them differs in this one alone', () => {
  const entries = { slow: { ...slow, reason: 'rate.limited', retry: 'never' }, used: { ...slow, code: 'USED', reason: 'quota.exhausted', action: 'pay_or_upgrade', retry: undefined } } as const
  // TypeScript may let `undefined` be written, which says nothing.
  const contract = defineContract(sampleDeclaration(entries as never))
  expect(contract.entries.get('slow')).toMatchObject({ retry: 'never', action: 'wait' })
  expect(contract.entries.get('used')).toMatchObject({ retry: 'never', action: 'pay_or_upgrade' })
})

it('what costs a person something is never repeated by a program', () => {
  const repeated = serverReasons.filter((reason) => rulesOfReason(reason).retry !== 'never')
  expect(repeated).toEqual([
    'token.expired', 'rate.limited', 'concurrency.limited', 'idempotency.in_progress',
    'upstream.failed', 'upstream.timeout', 'upstream.unavailable', 'capacity.overloaded', 'service.maintenance', 'internal',
  ])
})
