import { isInRange, isRange } from '../documented-statements.ts'
import { listed } from '../literal-contract.ts'
import type { Rule } from '../rule.ts'

export const documentedStatusUnused: Rule = {
  id: 'documented-status-unused',
  severity: 'note',
  topic: 'contradiction',
  title: 'A status that nothing is sent with',
  why: 'A page or a sample names a status, or a whole range of them, that no entry has. Either an entry is missing, or callers handle what never comes.',
  source: 'AI-API: 201 is listed and unused; LEAPERone: the table has 500, the sample retries all from 500 on',
  fix: 'Leave it out, or write the entry.',
  find: ({ documented, entries, examples }) => {
    const sent = new Set([200, ...entries.flatMap(({ status, sentAs }) => [status, sentAs].filter((each) => each !== undefined)), ...examples.flatMap(({ success, status }) => (success === true && status !== undefined ? [status] : []))])
    return documented.flatMap(({ where, lists }, at) => {
      const idle = lists?.statuses?.filter((status) => (isRange(status) ? [...sent].filter((each) => isInRange(each, status)).length < 2 : !sent.has(Number(status)))) ?? []
      return idle.length === 0 ? [] : [{ path: `documented[${at}].lists.statuses`, value: listed(idle), problem: `is named by ${where}, and ${idle.some(isRange) ? 'the contract has one of them at most' : 'nothing is sent with it'}`, mend: 'leave it out, or write the entry' }]
    })
  },
  bad: { declaration: { documented: [{ where: 'the table of statuses', lists: { statuses: [200, 201, 429] } }, { where: 'the sample', lists: { statuses: ['5xx'] } }], entries: { slow: { code: 'SLOW', status: 429 }, failed: { code: 'FAILED', status: 500 } } }, paths: ['documented[0].lists.statuses', 'documented[1].lists.statuses'] },
  good: { declaration: { documented: [{ where: 'the table of statuses', lists: { statuses: [200, 429] } }], entries: { slow: { code: 'SLOW', status: 429 } } } },
}
