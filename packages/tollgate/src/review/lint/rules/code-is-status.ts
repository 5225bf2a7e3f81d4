import { listed } from '../literal-contract.ts'
import type { Rule } from '../rule.ts'

export const codeIsStatus: Rule = {
  id: 'code-is-status',
  severity: 'warning',
  topic: 'contradiction',
  title: 'A status in the place of the code',
  why: 'The field is for what happened, and holds an HTTP status: beside real codes it is one of two vocabularies in one field, and alone it tells nothing that the status line does not.',
  source: 'RFC 9457 section 4; JoggAI: 429 beside 10104',
  fix: 'Give it a code of its own kind. Where clients depend on the figure, say so in `lint.ignore`.',
  find: ({ entries }) => {
    const others = entries.flatMap(({ code, status }) => (code === undefined || code === '' || isStatus(code, status) ? [] : [code]))
    return entries.flatMap(({ path, code, status }) => {
      // Among codes of another kind it is one, whatever the entry is sent with.
      const isOne = code !== undefined && (String(code) === String(status) || (isStatus(code, status) && others.length > 0))
      return isOne ? [{ path: `${path}.code`, value: code, problem: `is ${String(code) === String(status) ? 'the' : 'an'} HTTP status${others.length === 0 ? '' : `, in the field in which ${listed(others.slice(0, 2))} stand`}`, mend: 'give it a code that says what happened' }] : []
    })
  },
  bad: { declaration: { entries: { slow: { code: 429, status: 429, reason: 'rate.limited' }, gone: { code: 10_104, status: 404, reason: 'resource.not_found' } } }, paths: ['entries.slow.code'] },
  good: { declaration: { entries: { slow: { code: 10_429, status: 429, reason: 'rate.limited' }, gone: { code: 10_104, status: 404, reason: 'resource.not_found' } } } },
}

function isStatus(code: string | number, status: number | undefined): boolean {
  return String(code) === String(status) || /^[45]\d\d$/.test(String(code))
}
