import type { DescribedContract } from '../model/described-contract.ts'
import { codeInline, headingBlock, linkInline, listBlock, paragraphBlock, type Page } from '../model/page.ts'
import { differenceTable } from './entry-cells.ts'
import { proseOf } from './guide-prose.ts'

/** Whom to ask, what to tell them, and which errors nobody else can mend. */
export function supportPage(described: DescribedContract): Page {
  const { entries, requestId, title } = described
  const own = entries.filter(({ action }) => action.id === 'contact_support')
  return {
    address: 'support',
    title: 'Support',
    summary: 'When to ask for help, whom, and what to tell them.',
    blocks: [
      ...proseOf(described, 'support'),
      headingBlock(2, 'tell', 'What to tell'),
      listBlock([
        ['The id of the request: ', linkInline('request-ids', codeInline(requestId.place ?? requestId.header)), '. It is all that is needed to find it.'],
        ['When it was, in UTC, and which operation: method and path.'],
        ['What was expected, and what came: status, code, sentence.'],
        ['Never a key or a token.'],
      ]),
      ...(own.length === 0 ? [] : [headingBlock(2, 'errors', `Errors that ${title} must mend`), differenceTable('Errors that support must mend', own, described)]),
      paragraphBlock('For all others ', linkInline('situations', 'the index by situation'), ' is faster than any support.'),
    ],
  }
}
