import type { DescribedContract } from '../model/described-contract.ts'
import { codeInline, headingBlock, linkInline, paragraphBlock, tableBlock, type Block, type Page } from '../model/page.ts'
import { differenceTable } from './entry-cells.ts'
import { proseOf } from './guide-prose.ts'

const LIMITS = /^(?:rate|concurrency|quota|credit)\.|^session\.limited$/

/** Limits: how a caller sees them coming, and what says that one is reached. */
export function limitsPage(described: DescribedContract): Page {
  const { rateHeaders, entries, title } = described
  const own = entries.filter(({ reason }) => LIMITS.test(reason))
  return {
    address: 'limits',
    title: 'Limits and rate limit headers',
    summary: 'How to see a limit coming, what says that one is reached, and when it begins anew.',
    blocks: [
      ...headerBlocks(described),
      ...proseOf(described, 'limits'),
      ...(own.length === 0 ? [] : [headingBlock(2, 'reached', 'When a limit is reached'), paragraphBlock('Which limit it is decides whether waiting helps.'), differenceTable('Errors that say that a limit is reached', own, described)]),
      headingBlock(2, 'clock', 'Which clock'),
      paragraphBlock(
        codeInline('Retry-After'),
        ' counts seconds from when the answer came: your own clock need not be right for it. Where it is present, it goes before any reset.',
        ...(rateHeaders.length === 0 ? [] : [' A reset that is an instant is one of the API’s clock: hold it against the ', codeInline('Date'), ' of the same answer.']),
      ),
      ...(rateHeaders.length === 0 ? [paragraphBlock(`${title} has no headers that show a limit before it is reached.`)] : []),
    ],
  }
}

function headerBlocks({ rateHeaders }: DescribedContract): readonly Block[] {
  if (rateHeaders.length === 0) return []
  return [
    headingBlock(2, 'headers', 'Rate limit headers'),
    paragraphBlock('Answers to callers who are known carry these, successes and errors alike, once something of theirs is counted. Slow down before the last one is used: see ', linkInline('retries', 'retries'), '.'),
    tableBlock('Rate limit headers', ['Header', 'For example', 'It says'], rateHeaders.map(({ name, value, meaning }) => [[codeInline(name)], [codeInline(value)], [meaning]])),
  ]
}
