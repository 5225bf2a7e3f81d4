import type { Rule } from '../rule.ts'

export const moneyAsNumber: Rule = {
  id: 'money-as-number',
  severity: 'note',
  topic: 'contradiction',
  title: 'Money as a number of JSON',
  why: '`50.00` becomes 50, and 0.1 + 0.2 is not 0.3: most readers make a binary fraction of it. What the message prints with two decimals, the number does not keep.',
  source: 'RFC 8259 section 6: expect no more than the precision of IEEE 754',
  fix: 'Send whole units (`digits`, cents), or say in the docs that amounts are rounded for show.',
  find: ({ entries }) => entries.flatMap(({ path, details }) => details.flatMap(({ name, type }) => (type === 'money' ? [{ path: `${path}.details.${name}`, value: 'money', problem: 'is a JSON number in major units, which readers take for a binary fraction', mend: 'send whole units, or say that it is for show' }] : []))),
  bad: { declaration: { entries: { broke: { code: 'BROKE', status: 402, reason: 'credit.insufficient', details: { balance: 'money' } } } }, paths: ['entries.broke.details.balance'] },
  good: { declaration: { entries: { broke: { code: 'BROKE', status: 402, reason: 'credit.insufficient', details: { balance_cents: 'integer? from balance' } } } } },
}
