import { matchExamples, isSaidBy } from '../example-match.ts'
import type { Rule } from '../rule.ts'

export const exampleMessageDiffers: Rule = {
  id: 'example-message-differs',
  severity: 'warning',
  topic: 'contradiction',
  title: 'An example with a message that is never said',
  why: 'The table has one sentence and the example another. Whoever searches logs, or matches texts since codes are few, does so for the wrong one.',
  source: 'JoggAI: two messages of one code, in the table and in its example',
  fix: 'Let them agree: the sentence of the entry with its figures (`Parameter error: {field} {issue}`).',
  find: (literal) =>
    matchExamples(literal).flatMap(({ message, entry, contradictions }) =>
      entry === undefined || contradictions.length > 0 || typeof message?.value !== 'string' || entry.sentences.length === 0 || isSaidBy(entry, message.value) ? [] : [{ path: message.path, value: message.value, problem: `is none of the sentences of "${entry.id}": ${JSON.stringify(entry.sentences[0])}`, mend: 'let the two agree' }],
    ),
  bad: { declaration: { envelope: { error: { code: '$code', msg: '$message' } }, examples: [{ body: { code: 'SLOW', msg: 'Slow down. Please try again later.' } }], entries: { slow: { code: 'SLOW', status: 429, message: 'Slow down.' } } }, paths: ['examples[0].body.msg'] },
  good: { declaration: { envelope: { error: { code: '$code', msg: '$message' } }, examples: [{ body: { code: 'SLOW', msg: 'At most 5 a minute.' } }], entries: { slow: { code: 'SLOW', status: 429, message: ['At most {limit} a minute.', 'Slow down.'] } } } },
}
