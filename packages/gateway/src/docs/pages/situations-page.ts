import type { DescribedContract } from '../model/described-contract.ts'
import { headingBlock, linkInline, listBlock, paragraphBlock, type Block, type Page } from '../model/page.ts'
import { statusText } from './answer-blocks.ts'
import { byStatus, cureTable, statusBadge } from './entry-cells.ts'
import { entriesOf, situations } from './situations.ts'

/** By what brought somebody here: "My key is refused", "I get 429". */
export function situationsPage(described: DescribedContract): Page {
  return {
    address: 'situations',
    title: 'By situation',
    summary: 'What you are stuck with, in your own words, which errors it can be, and what to do.',
    blocks: [
      paragraphBlock('Find what you are stuck with. I get ', ...byStatus(described.entries).flatMap(([status]) => [linkInline(`statuses#${status}`, statusBadge(status)), ' '])),
      listBlock(situations.flatMap((situation) => (entriesOf(situation, described).length === 0 ? [] : [[linkInline(`situations#${situation.id}`, situation.title)]])).concat([[linkInline('situations#no-answer', 'I get no answer at all')]])),
      ...situations.flatMap((situation): readonly Block[] => {
        const entries = entriesOf(situation, described)
        if (entries.length === 0) return []
        return [headingBlock(2, situation.id, situation.title), paragraphBlock(situation.words), cureTable(`${situation.title}: what it can be`, entries, described)]
      }),
      headingBlock(2, 'no-answer', 'I get no answer at all'),
      paragraphBlock('A connection that fails, or a time-out of your own, tells nothing: the work may have been done. What reads may be sent again at once. What writes may be sent again under the same idempotency key, where the API takes one; otherwise look first whether it was done. See ', linkInline('idempotency', 'idempotency'), '.'),
      paragraphBlock(`An answer in another form than `, linkInline('answers', 'the one that is described here'), ` comes from somebody between you and the API: a proxy, a balancer, a network. Go by its status: ${statusText(502)}, ${statusText(503)} and ${statusText(504)} may be tried again, with growing pauses.`),
    ],
  }
}
