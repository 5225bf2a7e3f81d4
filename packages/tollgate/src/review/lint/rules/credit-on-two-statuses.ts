import type { Rule } from '../rule.ts'

export const creditOnTwoStatuses: Rule = {
  id: 'credit-on-two-statuses',
  severity: 'warning',
  topic: 'contradiction',
  title: '402 and 429 both for credit',
  why: 'The same cause under two statuses: who watches for 402 misses half of it, and who retries 429 asks again for what only money brings.',
  source: 'RFC 9110 section 15.5.3; among gateways the same cause is 400, 401, 402, 403, 412, 429 or 503',
  fix: 'Use 402 for money, and 429 for what time cures.',
  find: ({ entries }) => {
    const ofMoney = entries.filter(({ speaksFor }) => speaksFor.includes('credit.insufficient'))
    const paid = ofMoney.find(({ status }) => status === 402) ?? entries.find(({ status }) => status === 402)
    return paid === undefined ? [] : ofMoney.flatMap(({ path, status }) => (status === 429 ? [{ path: `${path}.status`, value: 429, problem: `is said of money, as is the 402 of "${paid.id}"`, mend: 'use 402 for both' }] : []))
  },
  bad: { declaration: { entries: { pay: { code: 'PAY', status: 402, reason: 'credit.insufficient' }, spent: { code: 'SPENT', status: 429, reason: 'credit.insufficient', when: { subject: 'key' } } } }, paths: ['entries.spent.status'] },
  good: { declaration: { entries: { pay: { code: 'PAY', status: 402, reason: 'credit.insufficient' }, spent: { code: 'SPENT', status: 402, reason: 'credit.insufficient', when: { subject: 'key' } } } } },
}
