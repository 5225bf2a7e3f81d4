import type { Rule } from '../rule.ts'

export const streamWithoutEnd: Rule = {
  id: 'stream-without-end',
  severity: 'warning',
  topic: 'caller',
  title: 'A stream that does not say that it is whole',
  why: 'A connection that is cut in order looks like an end. Without a last event nobody tells half an answer from a whole one, and half of them is paid for.',
  source: 'docs/streams.md; of 7 readers of streams that were tried, 6 take one that was cut for a whole one',
  fix: 'Name the event with which a whole stream ends: `end: { data: "[DONE]" }`.',
  find: ({ declaration }) => (declaration.envelope?.stream !== undefined && declaration.envelope.stream.end === undefined ? [{ path: 'envelope.stream.end', problem: 'is missing, so that a stream that was cut looks whole', mend: 'name the last event: end: { data: "[DONE]" }' }] : []),
  bad: { declaration: { envelope: { error: { code: '$code' }, stream: { event: 'error' } } }, paths: ['envelope.stream.end'] },
  good: { declaration: { envelope: { error: { code: '$code' }, stream: { event: 'error', end: { data: '[DONE]' } } } } },
}
