import { statementsOf, type Statement } from '../documented-statements.ts'
import type { Rule } from '../rule.ts'

export const documentedTwice: Rule = {
  id: 'documented-twice',
  severity: 'warning',
  topic: 'contradiction',
  title: 'Two places that contradict each other',
  why: 'Two pages say different things of the same: a limit, a quota, what is counted, when a header comes. Nobody can know which one the service keeps.',
  source: 'AI-API: 10,000 a month in the reference, 100,000 in the questions and answers',
  fix: 'Let them agree. What a meter decides belongs into the configuration of the gateway, and from there into the docs.',
  find: (literal) => {
    const statements = statementsOf(literal)
    return statements.flatMap((statement, at) => {
      const before = statements.slice(0, at).find((other) => isOfSame(statement, other) && String(other.value) !== String(statement.value))
      return before === undefined ? [] : [{ path: statement.path, value: statement.value, problem: `is what ${statement.where} says, and ${before.where} says ${JSON.stringify(before.value)}`, mend: 'let the two agree' }]
    })
  },
  bad: { declaration: { documented: [{ where: 'the errors page', of: 'SLOW', says: { limit: '20 a minute' } }, { where: 'the pricing page', of: 'SLOW', says: { limit: 'by plan' } }], entries: { slow: { code: 'SLOW', status: 429, reason: 'rate.limited' } } }, paths: ['documented[1].says.limit'] },
  good: { declaration: { documented: [{ where: 'the errors page', of: 'SLOW', says: { limit: 'by plan' } }, { where: 'the pricing page', of: 'SLOW', says: { limit: 'by plan' } }], entries: { slow: { code: 'SLOW', status: 429, reason: 'rate.limited' } } } },
}

/** Rules of a contract's own are held against it, and what is said of all of a range is no rival of what is said of one. */
function isOfSame(one: Statement, other: Statement): boolean {
  if (one.name !== other.name || one.where === other.where || ownMembers.has(one.name)) return false
  if (one.of === undefined || other.of === undefined) return one.of === other.of
  const ids = new Set(other.of.map(({ id }) => id))
  return one.of.some(({ id }) => ids.has(id))
}

const ownMembers: ReadonlySet<string> = new Set(['retry', 'action', 'status', 'code', 'reason', 'message', 'sentAs', 'retryAfterSeconds', 'remedy', 'backoff'])
