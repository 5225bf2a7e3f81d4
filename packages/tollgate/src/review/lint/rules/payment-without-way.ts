import type { Rule } from '../rule.ts'

export const paymentWithoutWay: Rule = {
  id: 'payment-without-way',
  severity: 'warning',
  topic: 'caller',
  title: 'A 402 that does not say how to pay',
  why: 'Nothing but paying helps, and the entry does not say where: no remedy, no link, or an action that sends people elsewhere. HTTP itself says nothing of how.',
  source: 'RFC 9110 section 15.5.3: 402 is reserved, so its meaning is yours to say',
  fix: 'Say in `remedy` where one pays (with its address), and leave `action` at `pay_or_upgrade`.',
  find: ({ entries }) =>
    entries.flatMap(({ path, status, reason, action, declared }) => {
      if (status !== 402 && reason !== 'credit.insufficient') return []
      if (declared.remedy === undefined) return [{ path: `${path}.remedy`, problem: 'is missing, and nothing else says where one pays', mend: 'say where: remedy: Top up at https://shop.example/billing.' }]
      return action === undefined || action === 'pay_or_upgrade' ? [] : [{ path: `${path}.action`, value: action, problem: 'is not what helps where money is missing', mend: 'leave it out, or write pay_or_upgrade' }]
    }),
  bad: { declaration: { entries: { broke: { code: 'BROKE', status: 402, reason: 'credit.insufficient' } } }, paths: ['entries.broke.remedy'] },
  good: { declaration: { entries: { broke: { code: 'BROKE', status: 402, reason: 'credit.insufficient', remedy: 'Top up at https://shop.example/billing.' } } } },
}
