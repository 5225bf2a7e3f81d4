/** The first page: all refusals, with what a caller needs to know first. */
import type { DescribedContract } from '../model/described-contract.ts'
import { authoredInline, codeInline, linkInline, tableBlock, type Page } from '../model/page.ts'

export function homePage({ title, entries }: DescribedContract): Page {
  return {
    address: '',
    title: `${title} errors`,
    summary: `Every refusal of ${title}: what it means, whether to try again, and who must act.`,
    blocks: [
      tableBlock(
        'All refusals',
        ['Code', 'Status', 'Refusal', 'Retry', 'What it means'],
        entries.map(({ code, sentAs, address, title: name, retry, meaning }) => [code === '' ? [] : [codeInline(String(code))], [codeInline(String(sentAs))], [linkInline(address, name)], [retry.title], [authoredInline(meaning)]]),
      ),
    ],
  }
}
