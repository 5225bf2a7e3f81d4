/** Codes that an entry is read by beside its own: a service that sent one is passed on with it. */
import { expect, it } from 'vitest'
import { sampleDeclaration } from '../../testing/sample-contract.ts'
import { defineContract } from '../declare/define-contract.ts'
import { refuse } from '../declare/refusal.ts'
import { toReceivedHeaders } from '../read/received-headers.ts'

const context = { requestId: 'r1', nowMs: 0 }
const contract = defineContract({
  ...sampleDeclaration({ unresolved: { code: 'resolve_failed', status: 502, reason: 'upstream.failed', message: 'Failed with {code}.', description: 'x', read: { code: ['resolve_failed_*', 4711] } } }),
  headers: { 'X-Code': '$code' },
})
const sent = (code?: string | number, entry = 'unresolved') => {
  const { headers, body } = contract.answer(refuse('upstream.failed', {}, { entry, code }), context)
  const { error } = JSON.parse(body) as { error: { code: unknown; message: unknown } }
  return [error.code, error.message, toReceivedHeaders(headers)['x-code']]
}

it('stand in body, header and sentence in place of its own, as they came', () => {
  expect(sent('resolve_failed_dns')).toEqual(['resolve_failed_dns', 'Failed with resolve_failed_dns.', 'resolve_failed_dns'])
  expect(sent(4711)).toEqual([4711, 'Failed with 4711.', '4711'])
  expect(sent('resolve_failed_"\r\n')).toEqual(['resolve_failed_"\r\n', 'Failed with resolve_failed_"\r\n.', 'resolve_failed_"??'])
})

it('which it is not read by, or which no reader would want, never leave', () => {
  for (const code of ['other', '', 'constructor', 4712, `resolve_failed_${'x'.repeat(200)}`]) expect(sent(code)).toEqual(['resolve_failed', 'Failed with resolve_failed.', 'resolve_failed'])
  expect(sent('resolve_failed_dns', 'failed')[0]).not.toBe('resolve_failed_dns')
})

it('are written as they were read', () => {
  const body = '{"error":{"code":"resolve_failed_timeout","message":"No.","details":{}}}'
  const read = contract.read({ status: 502, headers: {}, body })
  expect(read).toMatchObject({ entry: 'unresolved', code: 'resolve_failed_timeout' })
  expect(JSON.parse(contract.write(read ?? { entry: undefined, code: undefined, status: 0, message: '', details: {} }, context).body)).toMatchObject({ error: { code: 'resolve_failed_timeout' } })
})
