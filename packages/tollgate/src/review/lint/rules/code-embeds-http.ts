import type { Rule } from '../rule.ts'
import { httpWordOf } from '../http-words.ts'

export const codeEmbedsHttp: Rule = {
  id: 'code-embeds-http',
  severity: 'note',
  topic: 'style',
  title: 'A code that is a word of HTTP',
  why: 'It says again what the status says, and not what happened. When the status has to change, the code is wrong, and it cannot be renamed without breaking every caller.',
  source: 'RFC 9457 section 4: a problem type that only repeats the status is no use',
  fix: 'Name what happened: MISSING_API_KEY rather than UNAUTHORIZED.',
  find: ({ entries }) =>
    entries.flatMap(({ path, code, status }) => {
      const word = httpWordOf(code)
      return word === undefined || word.status !== status ? [] : [{ path: `${path}.code`, value: code, problem: `says no more than the status ${status} does`, mend: 'name what happened' }]
    }),
  bad: { declaration: { entries: { noKey: { code: 'UNAUTHORIZED', status: 401, reason: 'credential.missing' } } }, paths: ['entries.noKey.code'] },
  good: { declaration: { entries: { noKey: { code: 'MISSING_API_KEY', status: 401, reason: 'credential.missing' } } } },
}
