import { listed, type LiteralEntry } from '../literal-contract.ts'
import type { Rule } from '../rule.ts'

export const codeWithSeveralStatuses: Rule = {
  id: 'code-with-several-statuses',
  severity: 'warning',
  topic: 'contradiction',
  title: 'One code under several statuses',
  why: 'The code is to say what happened, and the status says that there are several things. Who goes by one of them is wrong for the other, and a table of codes has no row for it.',
  source: 'RFC 9457 section 4: a problem type names its status',
  fix: 'Give each status a code of its own, or each code one status.',
  find: ({ entries }) => {
    const byCode = new Map<string, LiteralEntry[]>()
    for (const entry of entries) if (entry.code !== undefined && entry.code !== '' && entry.status !== undefined) byCode.set(String(entry.code), [...(byCode.get(String(entry.code)) ?? []), entry])
    return [...byCode].flatMap(([, group]) => {
      const statuses = [...new Set(group.map(({ status }) => status ?? 0))]
      const other = group.find(({ status }) => status !== group[0]?.status)
      return other === undefined ? [] : [{ path: `${other.path}.code`, value: other.code, problem: `is sent with ${listed(statuses)}`, mend: 'give each status a code of its own' }]
    })
  },
  bad: { declaration: { entries: { maintenance: { code: 'UNAVAILABLE', status: 503, reason: 'service.maintenance' }, garbage: { code: 'UNAVAILABLE', status: 502, reason: 'upstream.failed' } } }, paths: ['entries.garbage.code'] },
  good: { declaration: { entries: { maintenance: { code: 'UNAVAILABLE', status: 503, reason: 'service.maintenance' }, garbage: { code: 'BAD_ANSWER', status: 502, reason: 'upstream.failed' } } } },
}
