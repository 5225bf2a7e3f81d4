import type { RetryRule } from '../../../contract/declare/declaration.ts'
import { listed, type LiteralEntry } from '../literal-contract.ts'
import type { Rule } from '../rule.ts'

export const sameStatusOtherCure: Rule = {
  id: 'same-status-other-cure',
  severity: 'note',
  topic: 'contradiction',
  title: 'One status, opposite advice',
  why: 'By the status alone a client does the wrong thing for one of them: it waits for what no wait cures, or gives up what would pass. Most clients look at nothing else.',
  source: 'ARCHITECTURE.md: the retry rule belongs to the entry, never to the status',
  fix: 'Keep their codes apart and say that clients must go by the code; or use another status for one of them.',
  find: ({ entries }) => {
    const byStatus = new Map<number, LiteralEntry[]>()
    for (const entry of entries) if (entry.status !== undefined && entry.retry !== undefined) byStatus.set(entry.status, [...(byStatus.get(entry.status) ?? []), entry])
    return [...byStatus].flatMap(([status, group]) => {
      const rules = new Map<RetryRule, LiteralEntry>()
      for (const entry of group) if (entry.retry !== undefined && !rules.has(entry.retry)) rules.set(entry.retry, entry)
      const last = [...rules.values()].at(-1)
      return rules.size < 2 || last === undefined ? [] : [{ path: `${last.path}.status`, value: status, problem: `is the status of ${listed([...rules].map(([retry, { id }]) => `"${id}" (${retry})`))}`, mend: 'let clients go by the code, and say so in the docs' }]
    })
  },
  bad: { declaration: { entries: { tooFast: { code: 'TOO_FAST', status: 429, reason: 'rate.limited' }, tooMany: { code: 'TOO_MANY', status: 429, reason: 'session.limited' } } }, paths: ['entries.tooMany.status'] },
  good: { declaration: { entries: { tooFast: { code: 'TOO_FAST', status: 429, reason: 'rate.limited' }, tooMany: { code: 'TOO_MANY', status: 409, reason: 'session.limited' } } } },
}
