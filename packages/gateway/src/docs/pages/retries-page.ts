import type { RetryRule } from 'tollgate/contract'
import type { DescribedContract, DescribedEntry } from '../model/described-contract.ts'
import { badgeInline, codeBlock, codeInline, headingBlock, linkInline, paragraphBlock, tableBlock, type Block, type Page } from '../model/page.ts'
import { retryWords, twiceWords } from '../model/words/retry-words.ts'
import { cureOf, entryLinkAmong, enumerated, statusBadge } from './entry-cells.ts'
import { proseOf } from './guide-prose.ts'
import { pythonLoop } from './handling/python-handling.ts'
import { typescriptLoop } from './handling/typescript-handling.ts'

const rules: readonly RetryRule[] = ['wait', 'backoff', 'refresh', 'never']

const headings: { readonly [R in RetryRule]: string } = {
  never: 'Never, by a program',
  wait: 'Wait, then repeat',
  backoff: 'Back off: repeat with growing pauses',
  refresh: 'Refresh the credential, then repeat once',
}

/** What may be tried again, and when. */
export function retriesPage(described: DescribedContract): Page {
  const { entries } = described
  const groups = rules.flatMap((rule) => {
    const own = entries.filter(({ retry }) => retry.rule === rule)
    return own.length === 0 ? [] : [{ rule, own }]
  })
  return {
    address: 'retries',
    title: 'Retries',
    summary: 'Which errors may be tried again by a program, when, and on which clock.',
    blocks: [
      paragraphBlock('Each error has one of these rules. It belongs to the error, never to its status:'),
      tableBlock('Rules of repeating', ['Rule', 'It means', 'Errors'], groups.map(({ rule, own }) => [[badgeInline(rule, linkInline(`retries#${rule}`, retryWords[rule].title))], [retryWords[rule].words], [String(own.length)]])),
      ...proseOf(described, 'retries'),
      ...groups.flatMap(({ rule, own }): readonly Block[] => [headingBlock(2, rule, headings[rule]), paragraphBlock(`${retryWords[rule].words}${clockWords[rule]}`), ruleTable(rule, own, entries)]),
      headingBlock(2, 'twice', 'What writes must not be done twice'),
      paragraphBlock(twiceWords, ' See ', linkInline('idempotency', 'idempotency'), '.'),
      headingBlock(2, 'loop', 'The loop'),
      paragraphBlock('With ', codeInline('call'), ' of ', linkInline('handling', 'handling errors in code'), '. How often and how long is yours to set: what is said above goes before these defaults.'),
      codeBlock('typescript', typescriptLoop(), 'TypeScript'),
      codeBlock('python', pythonLoop(), 'Python'),
    ],
  }
}

/** What says the time, by rule. */
const toldColumn: { readonly [R in RetryRule]: string } = { wait: 'How long', backoff: 'Not before', refresh: 'When', never: 'Changes at' }

const clockWords: { readonly [R in RetryRule]: string } = {
  wait: ' The seconds count from when the answer came: your own clock need not be right.',
  backoff: ' The pauses are those of your own clock; where the answer says how many seconds it takes at least, none is shorter.',
  refresh: '',
  never: '',
}

function ruleTable(rule: RetryRule, own: readonly DescribedEntry[], all: readonly DescribedEntry[]): Block {
  const caption = `Errors with the rule ${retryWords[rule].title.toLowerCase()}`
  const isTold = own.some(({ retry }) => (retry.clock?.toldBy.length ?? 0) > 0)
  return tableBlock(
    caption,
    ['Status', 'Code', 'What to do', ...(isTold ? [toldColumn[rule]] : [])],
    own.map((entry) => [[statusBadge(entry.sentAs)], entryLinkAmong(entry, all), [cureOf(entry)], ...(isTold ? [enumerated((entry.retry.clock?.toldBy ?? []).map(codeInline))] : [])]),
  )
}
