import type { DescribedContract } from '../model/described-contract.ts'
import { codeBlock, codeInline, headingBlock, paragraphBlock, tableBlock, type Page } from '../model/page.ts'
import { proseOf } from './guide-prose.ts'
import type { PageContext } from './page-context.ts'

/** Where the id of a request stands, and what it is good for. */
export function requestIdsPage(described: DescribedContract, { apiUrl }: PageContext): Page {
  const { requestId, title } = described
  const { header, place, example } = requestId
  return {
    address: 'request-ids',
    title: 'Request ids',
    summary: 'Where the id of a request stands, and what it is good for.',
    blocks: [
      paragraphBlock(`Each answer of ${title} names its request by an id. Write it to your log, success or not: with it support finds the request, without it nobody does.`),
      tableBlock('Where the id stands', ['Where', 'Name', 'For example'], [
        [['In the head'], [codeInline(header)], [codeInline(example)]],
        ...(place === undefined ? [] : [[['In the body'], [codeInline(place)], [codeInline(example)]]]),
      ]),
      ...proseOf(described, 'requestIds'),
      headingBlock(2, 'show', 'To see it'),
      codeBlock('bash', `curl -sS -o /dev/null -D - ${apiUrl}/things | grep -i '^${header}:'`),
    ],
  }
}
