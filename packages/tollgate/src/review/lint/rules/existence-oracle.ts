import type { Rule } from '../rule.ts'

export const existenceOracle: Rule = {
  id: 'existence-oracle',
  severity: 'warning',
  topic: 'caller',
  title: 'A 403 that tells what exists',
  why: 'What is not there is 404, and what belongs to somebody else 403: so anybody can find out which ids exist, whose they may be, and how many.',
  source: 'RFC 9110 section 15.5.4: a server that wants to hide the existence MAY answer 404',
  fix: 'Answer 404 for what belongs to others too.',
  find: ({ entries }) => {
    const hidden = entries.find(({ status, reason }) => status === 404 && (reason === 'resource.not_found' || reason === 'session.not_found'))
    return hidden === undefined
      ? []
      : entries.flatMap(({ path, status, reason, declared }) =>
          reason === 'permission.denied' && status !== 404 && (declared.when?.['resource'] !== undefined || /\b(?:belongs? to|owned by|not (?:yours|your own)|another (?:user|account|team)|someone else)/i.test(declared.description ?? ''))
            ? [{ path: `${path}.status`, value: status, problem: `tells what belongs to others from what does not exist ("${hidden.id}", 404)`, mend: 'answer 404 for both' }]
            : [],
        )
  },
  bad: { declaration: { entries: { notFound: { code: 'NOT_FOUND', status: 404, reason: 'resource.not_found' }, notYours: { code: 'NOT_YOURS', status: 403, reason: 'permission.denied', description: 'The file belongs to another account.' } } }, paths: ['entries.notYours.status'] },
  good: { declaration: { entries: { notFound: { code: 'NOT_FOUND', status: 404, reason: 'resource.not_found', description: 'It does not exist, or belongs to another account.' }, noRight: { code: 'NO_RIGHT', status: 403, reason: 'permission.denied', description: 'The key lacks a scope.' } } } },
}
