import { isRange, statementsOf, type Statement } from '../documented-statements.ts'
import { isSaidBy } from '../example-match.ts'
import type { LiteralEntry } from '../literal-contract.ts'
import type { Rule } from '../rule.ts'

export const documentedOtherwise: Rule = {
  id: 'documented-otherwise',
  severity: 'warning',
  topic: 'contradiction',
  title: 'Said otherwise elsewhere',
  why: 'Another page, a sample or an SDK says something of an entry that the contract denies. What people copy is the sample.',
  source: 'AI-API: the sample never retries 4xx, and the handler beside it retries 429',
  fix: 'Mend the one that is wrong. Write down what else is said of the contract under `documented`, so that it stays mended.',
  find: (literal) =>
    statementsOf(literal).flatMap((statement) => {
      const other = statement.of?.find((entry) => denies(entry, statement))
      if (other === undefined) return []
      const stated = String(valueOf(other, statement.name))
      return [{ path: statement.path, value: statement.value, problem: `is what ${statement.where} says${statement.selectors.some(isRange) ? ` of ${statement.selectors.join(', ')}` : ''}, and the ${statement.name} of "${other.id}" is ${JSON.stringify(stated)}`, mend: 'mend the one that is wrong' }]
    }),
  bad: { declaration: { documented: [{ where: 'the sample "withRetry"', of: '4xx', says: { retry: 'never' } }], entries: { slow: { code: 'SLOW', status: 429, reason: 'rate.limited' } } }, paths: ['documented[0].says.retry'] },
  good: { declaration: { documented: [{ where: 'the sample "withRetry"', of: 'SLOW', says: { retry: 'wait' } }], entries: { slow: { code: 'SLOW', status: 429, reason: 'rate.limited' } } } },
}

/** What an entry says of the member, as far as it has it. */
function valueOf(entry: LiteralEntry, name: string): string | number | boolean | undefined {
  switch (name) {
    case 'retry':
    case 'action':
    case 'status':
    case 'code':
    case 'reason':
      return entry[name]
    case 'message':
      return entry.sentences[0]
    case 'sentAs':
      return entry.sentAs
    case 'retryAfterSeconds':
    case 'remedy':
      return entry.declared[name]
    default:
      return undefined
  }
}

function denies(entry: LiteralEntry, { name, value }: Statement): boolean {
  if (name === 'message') return entry.sentences.length > 0 && !isSaidBy(entry, String(value))
  const own = valueOf(entry, name)
  return own !== undefined && String(own) !== String(value)
}
