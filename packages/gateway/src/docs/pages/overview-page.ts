import type { DescribedContract } from '../model/described-contract.ts'
import { authoredInline, headingBlock, linkInline, listBlock, paragraphBlock, tableBlock, type Inline, type InlineLike, type Page } from '../model/page.ts'
import { httpBlock } from './answer-blocks.ts'
import { actorName, byStatus, entryLinkAmong, retryBadge, statusBadge } from './entry-cells.ts'
import { readOnlyNote } from './read-only-note.ts'
import { proseOf } from './guide-prose.ts'
import { entriesOf, situations } from './situations.ts'
import { typicalEntry } from './typical-entry.ts'

/** The first page. `guides`: those that follow it. */
export function overviewPage(described: DescribedContract, guides: readonly Page[]): Page {
  const { title, entries } = described
  const codes = new Set(entries.flatMap(({ code }) => (code === '' ? [] : [code])))
  const example = typicalEntry(described)
  return {
    address: '',
    title: `${title} errors`,
    summary: `Every error that ${title} answers with: what it means, whether to try again, and what to do.`,
    blocks: [
      paragraphBlock(`Every error that ${title} answers with: what it means, whether to try again, who acts, and what to do. ${codes.size === 0 ? `${entries.length} errors` : `${entries.length} errors under ${codes.size} codes`}.`),
      ...readOnlyNote(described),
      headingBlock(2, 'situations', 'What brings you here?'),
      listBlock([
        ...situations.filter((situation) => entriesOf(situation, described).length > 0).map((situation) => [linkInline(`situations#${situation.id}`, situation.title)]),
        [linkInline('situations#no-answer', 'I get no answer at all')],
        [linkInline('same-status', 'Same status, different cure')],
      ]),
      paragraphBlock('I get ', ...spaced(byStatus(entries).map(([status]) => linkInline(`statuses#${status}`, statusBadge(status))))),
      headingBlock(2, 'errors', 'All errors'),
      tableBlock(
        'All errors',
        ['Status', 'Code', 'It means', 'Retry', 'Who acts'],
        byStatus(entries).flatMap(([status, own]) => own.map((entry) => [[linkInline(`statuses#${status}`, statusBadge(status))], entryLinkAmong(entry, entries), [authoredInline(entry.meaning)], [retryBadge(entry)], [actorName(entry)]])),
      ),
      headingBlock(2, 'form', 'What an error looks like'),
      httpBlock(example.example.answer, String(example.code || example.title)),
      paragraphBlock('Each has this form: ', linkInline('answers', 'what is in it'), '.'),
      ...proseOf(described, 'overview'),
      headingBlock(2, 'guides', 'Guides'),
      listBlock(guides.map(({ address, title: name, summary }) => [linkInline(address, name), `: ${summary}`])),
    ],
  }
}

function spaced(items: readonly Inline[]): readonly InlineLike[] {
  return items.flatMap((item): readonly InlineLike[] => [item, ' '])
}
