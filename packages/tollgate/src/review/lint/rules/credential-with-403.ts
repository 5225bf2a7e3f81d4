import { isOf } from '../literal-contract.ts'
import type { Rule } from '../rule.ts'

export const credentialWith403: Rule = {
  id: 'credential-with-403',
  severity: 'warning',
  topic: 'contradiction',
  title: 'A 403 for what is a 401',
  why: 'A key that does not serve is a credential that is not valid: 401, with a challenge. 403 says that who calls is known and may not, so clients do not ask for new credentials, and people look for rights that are not missing.',
  source: 'RFC 9110 sections 15.5.2 and 15.5.4',
  fix: 'Use 401. Where clients depend on the 403, say so in `lint.ignore`.',
  find: ({ entries }) =>
    entries.flatMap(({ path, status, reason }) => (isOf(reason, 'credential', 'token') && status !== undefined && status !== 401 && status !== 407 ? [{ path: `${path}.status`, value: status, problem: `is the answer to ${reason}, which HTTP answers with 401`, mend: 'use 401' }] : [])),
  bad: { declaration: { entries: { wrongKey: { code: 'WRONG_KEY', status: 403, reason: 'credential.invalid' } } }, paths: ['entries.wrongKey.status'] },
  good: { declaration: { entries: { wrongKey: { code: 'WRONG_KEY', status: 401, reason: 'credential.invalid' }, notYours: { code: 'NOT_YOURS', status: 403, reason: 'permission.denied' } } } },
}
