import { isOf } from '../literal-contract.ts'
import type { Rule } from '../rule.ts'

export const permissionWith401: Rule = {
  id: 'permission-with-401',
  severity: 'warning',
  topic: 'http',
  title: 'A 401 for what is a 403',
  why: 'The key is valid; it or its account may not do this. 401 tells a client to authenticate anew, which changes nothing, and some do so in a loop.',
  source: 'RFC 9110 section 11.4: valid credentials that are not adequate ought to get 403',
  fix: 'Use 403, without a challenge.',
  find: ({ entries }) => entries.flatMap(({ path, status, reason }) => (isOf(reason, 'permission', 'account') && status === 401 ? [{ path: `${path}.status`, value: status, problem: `is the answer to ${reason}, where another credential helps nobody`, mend: 'use 403' }] : [])),
  bad: { declaration: { entries: { notYours: { code: 'NOT_YOURS', status: 401, reason: 'permission.denied' } } }, paths: ['entries.notYours.status'] },
  good: { declaration: { entries: { notYours: { code: 'NOT_YOURS', status: 403, reason: 'permission.denied' } } } },
}
