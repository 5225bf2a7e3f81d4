import type { DescribedContract } from '../model/described-contract.ts'
import { codeBlock, codeInline, headingBlock, linkInline, listBlock, noteBlock, paragraphBlock, type Block, type Page } from '../model/page.ts'
import { twiceWords } from '../model/words/retry-words.ts'
import { differenceTable } from './entry-cells.ts'
import { proseOf } from './guide-prose.ts'
import type { PageContext } from './page-context.ts'

/** How to repeat what writes without doing it twice. */
export function idempotencyPage(described: DescribedContract, { apiUrl }: PageContext): Page {
  const { idempotencyKey, entries, title } = described
  const own = entries.filter(({ reason }) => reason.startsWith('idempotency.'))
  return {
    address: 'idempotency',
    title: 'Idempotency',
    summary: idempotencyKey === undefined ? 'How to repeat a request that writes where the API takes no key for it.' : 'How to repeat a request that writes without doing it twice.',
    blocks: [
      ...(idempotencyKey === undefined ? keylessBlocks(title) : keyBlocks(idempotencyKey, apiUrl)),
      ...proseOf(described, 'idempotency'),
      ...(own.length === 0 ? [] : [headingBlock(2, 'errors', 'Errors about keys'), differenceTable('Errors about idempotency keys', own, described)]),
      headingBlock(2, 'unknown', 'When no answer came'),
      paragraphBlock('The work may have been done, or not. ', twiceWords),
    ],
  }
}

function keyBlocks(header: string, apiUrl: string): readonly Block[] {
  return [
    paragraphBlock('Send a key of your own making in ', codeInline(header), ' with each request that writes. The API binds the first request to it, and answers a repeat of the same request with the answer of the first.'),
    codeBlock('bash', `curl -X POST ${apiUrl}/things \\\n  -H '${header}: 5f1d0c0e-9a55-4a49-8d0c-0a6c4f0f4e6b' \\\n  -H 'Content-Type: application/json' \\\n  -d '{"name":"one"}'`, 'A request with a key'),
    headingBlock(2, 'rules', 'Rules'),
    listBlock(
      [
        ['Make the key before the first attempt: a random UUID.'],
        ['Keep it through all attempts of one request, also after a time-out.'],
        ['Change it where anything in the request changes.'],
        ['Never use one for two things.'],
      ],
      true,
    ),
  ]
}

function keylessBlocks(title: string): readonly Block[] {
  return [
    noteBlock('warning', `${title} takes no idempotency key: what writes is done once for each time that it arrives.`),
    paragraphBlock('Repeat a request that writes only after an answer that says that nothing was done: any error of this reference whose ', linkInline('retries', 'retry rule'), ' allows it. After no answer at all, look first whether it was done.'),
  ]
}
