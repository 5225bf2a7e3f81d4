import type { Rule } from '../rule.ts'

export const wrongMethodStatus: Rule = {
  id: 'wrong-method-status',
  severity: 'note',
  topic: 'http',
  title: 'A wrong method that is no 405',
  why: 'Under another status nothing says which methods there are: `Allow` belongs to 405, and who sent POST instead of PUT looks for a fault in the path or the body.',
  source: 'RFC 9110 sections 15.5.6 and 10.2.1',
  fix: 'Give `method.not_allowed` an entry with status 405.',
  find: ({ entries }) =>
    entries.flatMap(({ path, status, speaksFor }) => (speaksFor.includes('method.not_allowed') && status !== undefined && status !== 405 && status < 500 ? [{ path: `${path}.status`, value: status, problem: 'is also the answer to a wrong method, which is then told no Allow', mend: 'give method.not_allowed an entry with status 405' }] : [])),
  bad: { declaration: { entries: { notFound: { code: 'NOT_FOUND', status: 404, reason: 'route.unknown', alsoFor: ['method.not_allowed'] } } }, paths: ['entries.notFound.status'] },
  good: { declaration: { entries: { notFound: { code: 'NOT_FOUND', status: 404, reason: 'route.unknown' }, method: { code: 'NOT_FOUND', status: 405, reason: 'method.not_allowed' } } } },
}
