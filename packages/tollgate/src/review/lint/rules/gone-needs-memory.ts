import type { Rule } from '../rule.ts'

export const goneNeedsMemory: Rule = {
  id: 'gone-needs-memory',
  severity: 'note',
  topic: 'contradiction',
  title: 'A 410 beside a 404',
  why: '410 says that it is known to be gone for good. Who deletes the record of it answers 404 from then on, so that the same request has two answers, by age; and 410 is cached as 404 is.',
  source: 'RFC 9110 sections 15.5.11 and 15.1',
  fix: 'Keep what is needed to know (id, owner, date), say how long in the description, and answer 404 where somebody else asks.',
  find: ({ entries }) => {
    const notFound = entries.find(({ status }) => status === 404)
    return notFound === undefined ? [] : entries.flatMap(({ path, status }) => (status === 410 ? [{ path: `${path}.status`, value: 410, problem: `is the answer as long as it is remembered; then it is that of "${notFound.id}"`, mend: 'say in the description how long it is remembered' }] : []))
  },
  bad: { declaration: { entries: { gone: { code: 'GONE', status: 410, reason: 'resource.gone' }, notFound: { code: 'NOT_FOUND', status: 404, reason: 'resource.not_found' } } }, paths: ['entries.gone.status'] },
  good: { declaration: { entries: { notFound: { code: 'NOT_FOUND', status: 404, reason: 'resource.not_found', alsoFor: ['resource.gone'] } } } },
}
