import type { Rule } from '../rule.ts'

export const requestIdNotShown: Rule = {
  id: 'request-id-not-shown',
  severity: 'note',
  topic: 'caller',
  title: 'An error whose body has no request id',
  why: 'What people paste into a ticket is the body; browsers cannot even see the header unless CORS lets them. Without an id in it, support searches by time.',
  source: 'Fetch standard, CORS: headers that are not exposed are not seen',
  fix: 'Give the envelope a place for it: `request_id: $requestId`.',
  find: ({ declaration, entries }) => (declaration.envelope === undefined || entries.length === 0 || entries.some(({ slots }) => slots.some(({ kind }) => kind === 'requestId')) ? [] : [{ path: 'envelope.error', problem: 'has no place for the request id, which then stands in a header alone', mend: 'write request_id: $requestId' }]),
  bad: { declaration: { envelope: { error: { code: '$code' } }, entries: { slow: { code: 'SLOW', status: 429 } } }, paths: ['envelope.error'] },
  good: { declaration: { envelope: { error: { code: '$code', request_id: '$requestId' } }, entries: { slow: { code: 'SLOW', status: 429 } } } },
}
