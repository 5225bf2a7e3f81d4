import { isOf, listed } from '../literal-contract.ts'
import type { Rule } from '../rule.ts'

export const badRequestBesideUnprocessable: Rule = {
  id: 'bad-request-beside-unprocessable',
  severity: 'note',
  topic: 'contradiction',
  title: '400 and 422 side by side',
  why: 'Both say that what was sent is at fault. Whoever catches one misses the other, unless the page says where the line runs: 400 what cannot be understood, 422 what is understood and not taken.',
  source: 'RFC 9110 sections 15.5.1 and 15.5.21',
  fix: 'Use one of them, or say in the descriptions which is for what.',
  find: ({ entries }) => {
    const ofRequest = entries.filter(({ reason }) => isOf(reason, 'request', 'field', 'content'))
    const bad = ofRequest.filter(({ status }) => status === 400)
    return bad.length === 0 ? [] : ofRequest.flatMap(({ path, status }) => (status === 422 ? [{ path: `${path}.status`, value: 422, problem: `stands beside the 400 of ${listed(bad.slice(0, 3).map(({ id }) => `"${id}"`))}`, mend: 'use one of them, or say which is for what' }] : []))
  },
  bad: { declaration: { entries: { badInput: { code: 'BAD_INPUT', status: 400, reason: 'request.invalid' }, blocked: { code: 'BLOCKED', status: 422, reason: 'content.blocked' } } }, paths: ['entries.blocked.status'] },
  good: { declaration: { entries: { badInput: { code: 'BAD_INPUT', status: 422, reason: 'request.invalid' }, blocked: { code: 'BLOCKED', status: 422, reason: 'content.blocked' } } } },
}
