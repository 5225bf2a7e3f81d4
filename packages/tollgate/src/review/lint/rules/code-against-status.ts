import type { Rule } from '../rule.ts'
import { httpWordOf } from '../http-words.ts'

export const codeAgainstStatus: Rule = {
  id: 'code-against-status',
  severity: 'warning',
  topic: 'contradiction',
  title: 'A code that says another status',
  why: 'The word of HTTP in the code names one status, and the answer has another. Half of the callers believe the code, half the status.',
  source: 'RFC 9457 section 3.1.2: a status in the body that differs confuses consumers',
  fix: 'Name what happened, or send the status that the code names.',
  find: ({ entries }) =>
    entries.flatMap(({ path, code, status }) => {
      const word = httpWordOf(code)
      return word === undefined || status === undefined || word.status === status ? [] : [{ path: `${path}.code`, value: code, problem: `is the word of HTTP for ${word.status}, and is sent with ${status}`, mend: 'name what happened' }]
    }),
  bad: { declaration: { entries: { tooLarge: { code: 'bad_request', status: 413, reason: 'request.too_large' } } }, paths: ['entries.tooLarge.code'] },
  good: { declaration: { entries: { tooLarge: { code: 'file_too_large', status: 413, reason: 'request.too_large' } } } },
}
